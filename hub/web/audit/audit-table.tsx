import { type AuditEntry, asDelivered } from '@manyi/config/audit';
import { listeningEndDetail } from '@manyi/config/listening';
import { Table, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useIsNarrow, wide } from '../frame/narrow.ts';
import { useSites } from '../frame/sites.tsx';
import { useFormat } from '../i18n/format.ts';
import { useClerks } from '../people/use-people.ts';
import { useCounters } from '../terminals/use-terminals.ts';
import { useTimes } from './times.ts';

/** Entries of the audit log as rows. */
export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const timeOf = useTimes();
  const isNarrow = useIsNarrow();
  const whoOf = ({ who }: AuditEntry) => (who === 'hub' ? t('audit.hub') : who);
  const lasted = ({ lastedMs }: AuditEntry) => (lastedMs === null ? '' : format.span(lastedMs));
  return (
    <div className="table-card">
      <Table<AuditEntry>
        rowKey="position"
        size="middle"
        dataSource={[...entries]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('audit.number'), align: 'right', dataIndex: 'position' },
          { title: t('audit.time'), responsive: wide, render: (_, { at, site }) => timeOf(at, site) },
          { title: t('audit.who'), responsive: wide, render: (_, entry) => <b>{whoOf(entry)}</b> },
          {
            title: t('audit.what'),
            render: (_, entry) =>
              isNarrow ? (
                <div className="audit-narrow">
                  <b>{whoOf(entry)}</b> {t(`audit.acts.${entry.what}`)}
                  <div className="muted">
                    {[timeOf(entry.at, entry.site), lasted(entry)].filter(Boolean).join(' · ')}
                  </div>
                  <About entry={entry} />
                  <Why entry={entry} />
                </div>
              ) : (
                <div className="audit-act">{t(`audit.acts.${entry.what}`)}</div>
              ),
          },
          { title: t('audit.about'), responsive: wide, render: (_, entry) => <About entry={entry} /> },
          { title: t('audit.why'), responsive: wide, render: (_, entry) => <Why entry={entry} /> },
          { title: t('audit.lasted'), align: 'right', responsive: wide, render: (_, entry) => lasted(entry) },
          { title: t('audit.hash'), responsive: wide, render: (_, { hash }) => <Hash of={hash} /> },
        ]}
      />
    </div>
  );
}

/** Whose recording it was, where, and the ways there. */
function About({ entry }: { entry: AuditEntry }) {
  const { recording, service, clerk, counter, site, about } = entry;
  const { t } = useTranslation();
  const { data: sites = [] } = useSites();
  const { data: clerks = [] } = useClerks(null);
  const { data: counters = [] } = useCounters(null);
  const nameOf = (known: readonly { id: string; name: string }[], id: string) =>
    known.find((one) => one.id === id)?.name ?? id;
  const places = [
    ...(site === null ? [] : [nameOf(sites, site)]),
    ...(counter === null ? [] : [nameOf(counters, counter)]),
    ...(isSubject(entry) ? [entry.detail] : []),
  ];
  return (
    <div className="audit-about">
      {clerk !== null && <Link to={`/audit/clerks/${clerk}`}>{nameOf(clerks, clerk)}</Link>}
      {recording !== null && <Link to={`/recordings/${recording}`}>{t('recordings.one')}</Link>}
      {recording === null && service !== null && <Link to={`/services/${service}`}>{t('audit.service')}</Link>}
      {about !== null && <div className="muted">{t('audit.endOf', { position: about })}</div>}
      {places.length > 0 && <div className="muted">{places.join(' · ')}</div>}
    </div>
  );
}

const withSubject: ReadonlySet<AuditEntry['what']> = new Set([
  'download-right.grant',
  'download-right.revoke',
  'listening.start',
]);

/** Whether the detail says whom or which terminal it was about, and nothing of why. */
function isSubject({ what }: AuditEntry): boolean {
  return withSubject.has(what);
}

/** The reason, and what a rule was and is, or what ended it. */
function Why({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const { why, what } = entry;
  const detail = isSubject(entry) ? null : entry.detail;
  const ended = what === 'listening.end' ? listeningEndDetail.safeParse(detail).data : undefined;
  const played = what === 'recording.played' ? playedWords(detail) : null;
  const goesOn = what === 'listening.service' ? t('audit.goesOn', { position: detail }) : detail;
  const plain = played === null ? goesOn : t(played);
  return (
    <div className="audit-why">
      {why}
      {detail?.startsWith('{') ? (
        <details>
          <summary className="muted">{t('audit.change')}</summary>
          <pre className="code">{JSON.stringify(JSON.parse(detail), null, 1)}</pre>
        </details>
      ) : (
        detail !== null && (
          <div className="muted">{ended === undefined ? plain : t(`listening.endedBecause.${ended}`)}</div>
        )
      )}
    </div>
  );
}

/** What is to be said of how long a play lasted; null for nothing. */
function playedWords(detail: string | null) {
  if (detail === 'hub-failed') return 'audit.playCutOff';
  return detail === asDelivered ? 'audit.asDelivered' : null;
}

function Hash({ of }: { of: string }) {
  const { t } = useTranslation();
  return (
    <Typography.Text className="code" copyable={{ text: of, tooltips: [t('common.copy'), t('common.copied')] }}>
      <span title={of}>{of.slice(0, 8)}…</span>
    </Typography.Text>
  );
}
