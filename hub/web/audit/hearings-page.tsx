import type { Hearing } from '@manyi/config/audit';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { More } from '../frame/more.tsx';
import { usePageTitle } from '../frame/page-title.ts';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { useFormat } from '../i18n/format.ts';
import { useClerks } from '../people/use-people.ts';
import { useCounters } from '../terminals/use-terminals.ts';
import { useTimes } from './times.ts';
import { useHearings } from './use-audit.ts';
import './audit.css';

/** Who heard a clerk and when, for supervisors. Clerks have a list of their own at the counter, which keeps back the hour of plays. */
export function HearingsPage() {
  const { t } = useTranslation();
  const { clerk: id = '' } = useParams();
  const clerk = useClerks(null).data?.find((one) => one.id === id);
  const name = clerk?.name ?? id;
  usePageTitle(t('audit.heard', { name }));
  const query = useHearings(id);
  const timeOf = useTimes();
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('audit.heard', { name })}</h1>
        {clerk !== undefined && <span className="site-name">{clerk.number}</span>}
        <span className="page-extra no-print">
          <Button onClick={() => print()}>{t('audit.print')}</Button>
        </span>
      </header>
      <p className="lead">
        {t('audit.heardHelp')}
        <span className="muted">{t('audit.asOf', { time: timeOf(query.dataUpdatedAt, null) })}</span>
      </p>
      <WhenRead query={query}>
        {({ pages }) => {
          const hearings = pages.flatMap(({ items }) => items);
          if (hearings.length === 0)
            return <Nothing title={t('audit.nobodyHeard')} detail={t('audit.nobodyHeardDetail', { name })} />;
          return (
            <>
              <HearingsTable hearings={hearings} />
              <More of={query} />
            </>
          );
        }}
      </WhenRead>
    </div>
  );
}

function HearingsTable({ hearings }: { hearings: readonly Hearing[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const timeOf = useTimes();
  const { data: counters = [] } = useCounters(null);
  const counterOf = ({ counter }: Hearing) => counters.find(({ id }) => id === counter)?.name ?? counter ?? '—';
  const lasted = ({ what, lastedMs, ended, atMost }: Hearing) => {
    const span = format.span(lastedMs ?? 0);
    if (lastedMs !== null) return atMost ? t('audit.atMost', { span }) : span;
    if (!ended) return t('audit.running');
    return what === 'recording.download' ? '—' : t('audit.notKnown');
  };
  return (
    <div className="table-card hearings">
      <Table<Hearing>
        rowKey="position"
        size="middle"
        dataSource={[...hearings]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            title: t('audit.time'),
            render: (_, one) => (
              <>
                {timeOf(one.time, one.site)}
                <RowBelow lines={[counterOf(one), one.why ?? '—']} />
              </>
            ),
          },
          {
            title: t('audit.who'),
            render: (_, one) => (
              <>
                <b>{one.who}</b>
                <RowBelow lines={[t(`audit.acts.${one.what}`), lasted(one)]} />
              </>
            ),
          },
          { title: t('audit.what'), className: 'wide-only', render: (_, { what }) => t(`audit.acts.${what}`) },
          { title: t('common.counter'), className: 'wide-only', render: (_, one) => counterOf(one) },
          {
            title: t('audit.why'),
            className: 'wide-only',
            render: (_, { why }) => <div className="audit-why">{why}</div>,
          },
          { title: t('audit.lasted'), align: 'right', className: 'wide-only', render: (_, one) => lasted(one) },
        ]}
      />
    </div>
  );
}

/** What stands in columns of its own where there is room, and on paper. */
function RowBelow({ lines }: { lines: readonly string[] }) {
  return (
    <span className="row-below narrow-only muted">
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </span>
  );
}
