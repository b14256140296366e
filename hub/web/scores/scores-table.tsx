import type { ScoreRow, Site } from '@manyi/config/api';
import { enoughRatings } from '@manyi/config/formulas';
import { Table } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/i18n.ts';
import { useColumns } from './columns.tsx';
import { axisOf } from './interval.tsx';
import { RatingsDrawer } from './ratings-drawer.tsx';
import { timeName } from './times.ts';
import type { Choice } from './use-choice.ts';

interface ScoresTableProps {
  site: Site;
  choice: Choice;
  profile: Site['profile'];
  rows: readonly ScoreRow[];
  /** The whole site's rate, as a mark to compare with; null for none. */
  mean: number | null;
  /** Whether the rows are still those of the choice before. */
  isChanging: boolean;
}

/** The rows of a score, best rank first; a clerk's or a counter's name opens the ratings behind the row. */
export function ScoresTable({ site, choice: { by, days }, profile, rows, mean, isChanging }: ScoresTableProps) {
  const { t } = useTranslation();
  const nameOf = useNames(by, site);
  const [opened, setOpened] = useState<ScoreRow | null>(null);
  const axis = useMemo(() => axisOf(rows, mean), [rows, mean]);
  const opens = by === 'clerk' || by === 'counter';
  const columns = useColumns({ by, profile, axis, nameOf, open: opens ? setOpened : null });
  const hasSmall = rows.some(({ rated }) => rated < enoughRatings);
  return (
    <>
      <Table<ScoreRow>
        key={by}
        className="scores-table"
        size="middle"
        rowKey="key"
        columns={columns}
        dataSource={[...rows]}
        loading={{ spinning: isChanging, delay: 400 }}
        showSorterTooltip={false}
        pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        scroll={{ x: 'max-content' }}
      />
      {hasSmall && <p className="muted">{t('scores.smallLast', { count: enoughRatings })}</p>}
      {opens && (
        <RatingsDrawer
          site={site}
          profile={profile}
          days={days}
          by={by}
          row={opened}
          title={opened === null ? '' : nameOf(opened)}
          close={() => setOpened(null)}
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
