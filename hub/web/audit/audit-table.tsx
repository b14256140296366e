import { type AuditEntry, asDelivered } from '@manyi/config/audit';
import { listeningEndDetail } from '@manyi/config/listening';
import { Table, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
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
          { title: t('audit.time'), render: (_, { at, site }) => timeOf(at, site) },
          { title: t('audit.who'), render: (_, { who }) => <b>{who === 'hub' ? t('audit.hub') : who}</b> },
          {
            title: t('audit.what'),
            render: (_, { what }) => <div className="audit-act">{t(`audit.acts.${what}`)}</div>,
          },
          { title: t('audit.about'), render: (_, entry) => <About entry={entry} /> },
          { title: t('audit.why'), render: (_, entry) => <Why entry={entry} /> },
          {
            title: t('audit.lasted'),
            align: 'right',
            render: (_, { lastedMs }) => (lastedMs === null ? '' : format.span(lastedMs)),
          },
          { title: t('audit.hash'), render: (_, { hash }) => <Hash of={hash} /> },
        ]}
      />
    </div>
  );
}

/** Whose recording it was, where, and the ways there. */
function About({ entry: { recording, service, clerk, counter, site, about } }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const { data: sites = [] } = useSites();
  const { data: clerks = [] } = useClerks(null);
  const { data: counters = [] } = useCounters(null);
  const nameOf = (known: readonly { id: string; name: string }[], id: string) =>
    known.find((one) => one.id === id)?.name ?? id;
  const places = [
    ...(site === null ? [] : [nameOf(sites, site)]),
    ...(counter === null ? [] : [nameOf(counters, counter)]),
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

/** The reason, and what a rule was and is, or what ended it. */
function Why({ entry: { why, what, detail } }: { entry: AuditEntry }) {
  const { t } = useTranslation();
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
