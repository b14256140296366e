import type { ScoreRow, Site } from '@manyi/config/api';
import { Table } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SitePage } from '../frame/site-page.tsx';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { useLanguage } from '../i18n/i18n.ts';
import { useColumns } from './columns.tsx';
import { axisOf } from './interval.tsx';
import { RangeTools } from './range-tools.tsx';
import { RatingsDrawer } from './ratings-drawer.tsx';
import { TimeChart } from './time-chart.tsx';
import { timeName } from './times.ts';
import { Totals } from './totals.tsx';
import { type Choice, useChoice } from './use-choice.ts';
import { useScores } from './use-scores.ts';

/** Scores of a site by clerk, counter, day or hour, over any days. */
export function ScoresPage() {
  const { t } = useTranslation();
  return <SitePage title={t('scores.title')}>{(site) => <SiteScores key={site.id} site={site} />}</SitePage>;
}

function SiteScores({ site }: { site: Site }) {
  const { t } = useTranslation();
  const [choice, change] = useChoice(site.timeZone);
  const rows = useScores(site.id, choice.days, choice.by);
  const whole = useScores(site.id, choice.days, 'site').data?.items[0] ?? null;
  return (
    <>
      <RangeTools site={site} choice={choice} change={change} />
      {whole !== null && whole.services + whole.unprompted > 0 && <Totals row={whole} />}
      <TimeChart site={site} days={choice.days} />
      <WhenRead query={rows} rows={8}>
        {({ items, profile, position }) =>
          items.length === 0 ? (
            <Nothing title={t('scores.empty')} detail={t('scores.emptyDetail')} />
          ) : (
            <>
              <ScoresTable
                site={site}
                choice={choice}
                profile={profile}
                rows={items}
                mean={whole?.satisfactionRate ?? null}
              />
              <p className="muted">
                {whole !== null && whole.unprompted > 0 && `${t('floor.unprompted', { count: whole.unprompted })} · `}
                {t('scores.position', { position })}
              </p>
            </>
          )
        }
      </WhenRead>
    </>
  );
}

interface ScoresTableProps {
  site: Site;
  choice: Choice;
  profile: Site['profile'];
  rows: readonly ScoreRow[];
  mean: number | null;
}

function ScoresTable({ site, choice: { by, days }, profile, rows, mean }: ScoresTableProps) {
  const nameOf = useNames(by, site);
  const [opened, open] = useState<ScoreRow | null>(null);
  const axis = useMemo(() => axisOf(rows, mean), [rows, mean]);
  const columns = useColumns({ by, profile, axis, nameOf, open });
  return (
    <>
      <Table<ScoreRow>
        key={by}
        className="scores-table"
        size="middle"
        rowKey="key"
        columns={columns}
        dataSource={[...rows]}
        pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        scroll={{ x: 'max-content' }}
      />
      {(by === 'clerk' || by === 'counter') && (
        <RatingsDrawer
          site={site}
          profile={profile}
          days={days}
          by={by}
          row={opened}
          title={opened === null ? '' : nameOf(opened)}
          close={() => open(null)}
        />
      )}
    </>
  );
}

function useNames(by: Choice['by'], site: Site): (row: ScoreRow) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  return useMemo(
    () => (row) => {
      if (by === 'hour' || by === 'day') return timeName(row.key, by, site.timeZone, language);
      if (row.key === '') return t(by === 'clerk' ? 'scores.noClerk' : 'scores.noCounter');
      return row.name || row.key;
    },
    [by, site, language, t],
  );
}
