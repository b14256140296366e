import type { ScoreRow } from '@manyi/config/api';
import { enoughRatings, priorRatings } from '@manyi/config/formulas';
import { type ProfileId, profiles } from '@manyi/config/profiles';
import type { TableColumnsType } from 'antd';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';
import { Mark } from '../levels/mark.tsx';
import { useLevelWords } from '../levels/words.ts';
import { type Axis, Interval, IntervalScale } from './interval.tsx';
import type { By } from './use-choice.ts';

interface ColumnParts {
  by: By;
  profile: ProfileId;
  axis: Axis;
  nameOf: (row: ScoreRow) => string;
  open: (row: ScoreRow) => void;
}

type Columns = TableColumnsType<ScoreRow>;

/** The columns of the table of scores: who, how many of each level, and the rates with what they rest on. */
export function useColumns({ by, profile, axis, nameOf, open }: ColumnParts): Columns {
  const { t } = useTranslation();
  const format = useFormat();
  const { word } = useLevelWords(profile);
  const isRanked = by === 'clerk' || by === 'counter';
  const share = (key: string, field: RateField, help: string): Columns[number] => ({
    key,
    title: <Help word={t(`scores.${field}`)} help={help} />,
    align: 'right',
    sorter: (a, b) => (a[fields[field]] ?? -1) - (b[fields[field]] ?? -1),
    render: (_, row) => format.percent(row[fields[field]]),
  });
  const rank: Columns = [
    {
      key: 'rank',
      width: 84,
      fixed: 'left',
      title: t('scores.rank'),
      sorter: byRank,
      defaultSortOrder: 'ascend',
      render: (_, row) => <Rank row={row} />,
    },
  ];
  return [
    ...(isRanked ? rank : []),
    {
      key: 'name',
      fixed: 'left',
      title: t(`scores.name.${by}`),
      sorter: (a, b) => (isRanked ? nameOf(a).localeCompare(nameOf(b)) : a.key.localeCompare(b.key)),
      render: (_, row) =>
        isRanked && row.rated > 0 ? (
          <button type="button" className="link-button" onClick={() => open(row)}>
            {nameOf(row)}
          </button>
        ) : (
          nameOf(row)
        ),
    },
    {
      key: 'satisfaction',
      title: (
        <>
          <Help word={t('scores.satisfaction')} help={t('scores.satisfactionHelp')} />
          <IntervalScale axis={axis} />
        </>
      ),
      sorter: (a, b) => (a.satisfactionRate ?? -1) - (b.satisfactionRate ?? -1),
      render: (_, row) => <Interval row={row} axis={axis} />,
    },
    ...profiles[profile].levels.map(({ name }): Columns[number] => ({
      key: name,
      align: 'right',
      title: (
        <Tooltip title={word(name)}>
          <span className="level-word">
            <Mark level={name} size={14} />
            <span className="hidden-text">{word(name)}</span>
          </span>
        </Tooltip>
      ),
      sorter: (a, b) => (a.counts[name] ?? 0) - (b.counts[name] ?? 0),
      render: (_, row) => row.counts[name] ?? 0,
    })),
    {
      key: 'rated',
      title: t('scores.rated'),
      align: 'right',
      sorter: (a, b) => a.rated - b.rated,
      render: (_, row) => row.rated,
    },
    {
      key: 'services',
      title: t('scores.services'),
      align: 'right',
      sorter: (a, b) => a.services - b.services,
      render: (_, row) => row.services,
    },
    {
      ...share('participation', 'participation', t('scores.participationHelp')),
      render: (_, row) => <Participation row={row} />,
    },
    share('notInvited', 'notInvited', t('scores.notInvitedHelp')),
    share('dissatisfaction', 'dissatisfaction', t('scores.dissatisfactionHelp')),
    {
      key: 'index',
      title: <Help word={t('scores.index')} help={t('scores.indexHelp')} />,
      align: 'right',
      sorter: (a, b) => (a.satisfactionIndex ?? -1) - (b.satisfactionIndex ?? -1),
      render: (_, row) => format.figure(row.satisfactionIndex, 1),
    },
    ...(isRanked ? [share('shrunk', 'shrunk', t('scores.shrunkHelp', { count: priorRatings }))] : []),
  ];
}

const fields = {
  participation: 'participationRate',
  notInvited: 'notInvitedRate',
  dissatisfaction: 'dissatisfactionRate',
  shrunk: 'shrunkRate',
} as const;
type RateField = keyof typeof fields;

function byRank(a: ScoreRow, b: ScoreRow): number {
  return (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER) || b.rated - a.rated;
}

function Rank({ row }: { row: ScoreRow }) {
  const { t } = useTranslation();
  if (row.rank !== null) return <span className="rank">{row.rank}</span>;
  return (
    <Tooltip title={t('scores.notRankedHelp', { count: enoughRatings })}>
      <span className="not-ranked">{t('scores.notRanked')}</span>
    </Tooltip>
  );
}

function Participation({ row }: { row: ScoreRow }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (row.participationRate !== null || row.participationSource === 'called')
    return format.percent(row.participationRate);
  return (
    <Tooltip title={t('scores.participationUnknown')}>
      <span className="help">—</span>
      <span className="hidden-text">{t('scores.participationUnknown')}</span>
    </Tooltip>
  );
}

function Help({ word, help }: { word: string; help: string }) {
  return (
    <Tooltip title={help}>
      <span className="help">{word}</span>
    </Tooltip>
  );
}
