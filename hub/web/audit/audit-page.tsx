import { type AuditEntry, type AuditedAct, auditedAct } from '@manyi/config/audit';
import { Alert, Select, Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useCauseWords } from '../frame/cause.ts';
import { More } from '../frame/more.tsx';
import { NotFound } from '../frame/not-found.tsx';
import { usePageTitle } from '../frame/page-title.ts';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { useFormat } from '../i18n/format.ts';
import { useClerks, useIsAdministrator } from '../people/use-people.ts';
import { AuditTable } from './audit-table.tsx';
import { useTimes } from './times.ts';
import { useAudit, useAuditState } from './use-audit.ts';
import './audit.css';

/** Who did what with recordings, when, how long and why; for administrators. */
export function AuditPage() {
  const isAdministrator = useIsAdministrator();
  return isAdministrator ? <Log /> : <NotFound />;
}

function Log() {
  const { t } = useTranslation();
  usePageTitle(t('audit.title'));
  const [search, setSearch] = useSearchParams();
  const what = auditedAct.safeParse(search.get('what')).data ?? null;
  const filter = { clerk: search.get('clerk'), recording: search.get('recording'), what };
  const isNarrow = Object.values(filter).some((one) => one !== null);
  const query = useAudit(filter);
  const change = (key: keyof typeof filter, value: string | null) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === null) after.delete(key);
        else after.set(key, value);
        return after;
      },
      { replace: true },
    );
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('audit.title')}</h1>
      </header>
      <div className="tools">
        <ClerkChoice value={filter.clerk} choose={(clerk) => change('clerk', clerk)} />
        <ActChoice value={what} choose={(act) => change('what', act)} />
        {filter.recording !== null && (
          <Tag closable={{ 'aria-label': t('audit.allRecordings') }} onClose={() => change('recording', null)}>
            {t('audit.ofRecording')} <span className="code">{filter.recording.slice(0, 8)}…</span>
          </Tag>
        )}
      </div>
      <Trouble />
      <WhenRead query={query} rows={8}>
        {({ pages }) => {
          const entries = pages.flatMap(({ items }) => items);
          if (entries.length === 0) return <Nothing title={t('audit.empty')} detail={t('audit.emptyDetail')} />;
          return (
            <>
              <AuditTable entries={entries} />
              <More of={query} />
              <HowToVerify head={isNarrow ? null : (entries[0] ?? null)} />
            </>
          );
        }}
      </WhenRead>
    </div>
  );
}

function ClerkChoice({ value, choose }: { value: string | null; choose: (clerk: string | null) => void }) {
  const { t } = useTranslation();
  const { data: clerks = [] } = useClerks(null);
  return (
    <Select
      className="audit-clerk"
      aria-label={t('common.clerk')}
      placeholder={t('audit.anyClerk')}
      value={value}
      allowClear
      onChange={(chosen: string | undefined) => choose(chosen ?? null)}
      showSearch={{ optionFilterProp: 'label' }}
      options={clerks.map(({ id, name, number }) => ({ value: id, label: `${name} · ${number}` }))}
    />
  );
}

function ActChoice({ value, choose }: { value: AuditedAct | null; choose: (act: AuditedAct | null) => void }) {
  const { t } = useTranslation();
  return (
    <Select<AuditedAct>
      className="audit-clerk"
      aria-label={t('audit.what')}
      placeholder={t('audit.anyAct')}
      value={value}
      allowClear
      onChange={(chosen) => choose(chosen ?? null)}
      popupMatchSelectWidth={false}
      options={auditedAct.options.map((act) => ({ value: act, label: t(`audit.acts.${act}`) }))}
    />
  );
}

/** That the log is not to be trusted, with what was found. */
function Trouble() {
  const { t } = useTranslation();
  const causeWords = useCauseWords();
  const { data: state } = useAuditState();
  if (state === undefined || state.trouble === null) return null;
  const { trouble, why } = state;
  const detail = (
    <>
      <p>{t(`audit.mend.${trouble}`)}</p>
      <p className="code">{causeWords(why ?? '')}</p>
    </>
  );
  const type = trouble === 'broken' ? 'error' : 'warning';
  return (
    <Alert
      className="failed"
      type={type}
      showIcon
      role="alert"
      title={t(`audit.trouble.${trouble}`)}
      description={detail}
    />
  );
}

/** What the hub's own check found. */
function Checked() {
  const { t } = useTranslation();
  const timeOf = useTimes();
  const { sentences } = useFormat();
  const { data: state } = useAuditState();
  if (state === undefined || state.trouble !== null) return null;
  const { checkedAt, entries, anchors, anchoredSince } = state;
  if (checkedAt === null) return <p>{t('audit.notChecked')}</p>;
  const time = timeOf(checkedAt, null);
  if (entries === 0) return <p>{t('audit.checkedEmpty', { time })}</p>;
  const checked = t('audit.checked', { time, count: entries });
  if (anchoredSince === null) return <p>{checked}</p>;
  return <p>{sentences(checked, t('audit.anchored', { count: anchors, time: timeOf(anchoredSince, null) }))}</p>;
}

const command = 'npm run hub -- --verify-audit';

/** What the hub found, and the command that checks without it; with a head that was noted elsewhere it finds more. */
function HowToVerify({ head }: { head: AuditEntry | null }) {
  const { t } = useTranslation();
  const { data: state } = useAuditState();
  // The head of a log that is not right proves nothing.
  const isWorthNoting = head !== null && state?.trouble !== 'broken';
  return (
    <section className="card verify" aria-labelledby="verify-title">
      <h2 id="verify-title">{t('audit.verify')}</h2>
      <Checked />
      <p className="muted">{t('audit.verifyHelp')}</p>
      <CopyLine text={command} />
      {isWorthNoting && (
        <>
          <p className="muted">{t('audit.headHelp')}</p>
          <CopyLine text={`${head.position}:${head.hash}`} />
        </>
      )}
    </section>
  );
}

function CopyLine({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <Typography.Text className="code" copyable={{ text, tooltips: [t('common.copy'), t('common.copied')] }}>
      {text}
    </Typography.Text>
  );
}
