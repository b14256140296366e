import type { Site } from '@manyi/config/api';
import type { Case } from '@manyi/config/cases';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useIsNarrow, wide } from '../frame/narrow.ts';
import { useNow } from '../frame/now.ts';
import { useFormat } from '../i18n/format.ts';
import { LevelWord } from '../levels/level-word.tsx';
import { useWhose } from '../people/whose.tsx';
import { CaseStateWords } from './state-words.tsx';

/** Cases as rows, each with the way to its service, where it is dealt with. */
export function CasesTable({ site, cases }: { site: Site; cases: readonly Case[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const whose = useWhose(site.id);
  const isNarrow = useIsNarrow();
  const how = ({ openedBy }: Case) => (openedBy === null ? t('cases.byItself') : t('service.by', { user: openedBy }));
  const opened = ({ openedAt }: Case) => format.dateTime(openedAt, site.timeZone);
  return (
    <div className="table-card">
      <Table<Case>
        rowKey="number"
        size="middle"
        dataSource={[...cases]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            title: t('cases.one'),
            render: (_, one) => (
              <>
                <Link to={`/services/${one.service}`}>{t('cases.numbered', { number: one.number })}</Link>
                {isNarrow && (
                  <span className="row-below muted">
                    {[opened(one), whose.line(one), how(one)].map((line) => (
                      <span key={line}>{line}</span>
                    ))}
                    <Progress of={one} zone={site.timeZone} />
                  </span>
                )}
              </>
            ),
          },
          { title: t('cases.openedAt'), responsive: wide, render: (_, one) => opened(one) },
          ...whose.columns,
          {
            title: t('common.level'),
            render: (_, { level }) => <LevelWord profile={site.profile} level={level} />,
          },
          { title: t('cases.how'), responsive: wide, render: (_, one) => how(one) },
          {
            title: t('cases.state'),
            responsive: wide,
            render: (_, one) => <Progress of={one} zone={site.timeZone} />,
          },
        ]}
      />
    </div>
  );
}

/** How long a case has been open, or when it was closed and by whom. */
function Progress({ of: { state, openedAt, closedAt, closedBy }, zone }: { of: Case; zone: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(60_000);
  return (
    <span>
      <CaseStateWords state={state} />{' '}
      <span className="muted">
        {closedAt === null
          ? t('cases.for', { span: format.since(openedAt, now) })
          : `${format.dateTime(closedAt, zone)} · ${closedBy}`}
      </span>
    </span>
  );
}
