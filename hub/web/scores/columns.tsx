import type { ScoreRow } from '@manyi/config/api';
import { enoughRatings, priorRatings } from '@manyi/config/formulas';
import { type ProfileId, profiles } from '@manyi/config/profiles';
import { type TableColumnsType, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Help } from '../frame/help.tsx';
import { useFormat } from '../i18n/format.ts';
import { Mark } from '../levels/mark.tsx';
import { useLevelWords } from '../levels/words.ts';
import { type Axis, Interval, IntervalScale } from './interval.tsx';
import { byRank, byRate } from './order.ts';
import type { By } from './use-choice.ts';

interface ColumnParts {
  by: By;
  profile: ProfileId;
  axis: Axis;
  nameOf: (row: ScoreRow) => string;
  /** Opens the ratings behind a row; null where there is nothing to open. */
  open: ((row: ScoreRow) => void) | null;
}

type Column = TableColumnsType<ScoreRow>[number];
type Figure = (row: ScoreRow) => number | null;

const rated = (row: ScoreRow) => row.rated;
const services = (row: ScoreRow) => row.services;

/** The columns of the table of scores: who, how many of each level, and the rates with what they rest on. */
export function useColumns({ by, profile, axis, nameOf, open }: ColumnParts): Column[] {
  const { t } = useTranslation();
  const format = useFormat();
  const { word } = useLevelWords(profile);
  const isRanked = by !== 'day' && by !== 'hour';
  const share = (key: string, title: ReactNode, of: Figure, over: (row: ScoreRow) => number): Column => ({
    key,
    title,
    align: 'right',
    sorter: byRate(of, over),
    render: (_, row) => format.percent(of(row)),
  });
  const count = (key: string, title: ReactNode, of: (row: ScoreRow) => number): Column => ({
    key,
    title,
    align: 'right',
    sorter: (a, b) => of(a) - of(b),
    render: (_, row) => of(row),
  });
  const rank: Column = {
    key: 'rank',
    width: 84,
    fixed: 'left',
    title: t('scores.rank'),
    sorter: byRank,
    defaultSortOrder: 'ascend',
    render: (_, row) => <Rank row={row} />,
  };
  const name: Column = {
    key: 'name',
    fixed: 'left',
    title: t(`scores.name.${by}`),
    sorter: (a, b) => (isRanked ? nameOf(a).localeCompare(nameOf(b)) : a.key.localeCompare(b.key)),
    render: (_, row) => <Name name={nameOf(row)} open={row.rated > 0 && open !== null ? () => open(row) : null} />,
  };
  return [
    ...(isRanked ? [rank] : []),
    name,
    {
      key: 'satisfaction',
      title: (
        <>
          <Help word={t('scores.satisfaction')} help={t('scores.satisfactionHelp')} />
          <IntervalScale axis={axis} />
        </>
      ),
      sorter: byRate(({ satisfactionRate }) => satisfactionRate, rated),
      render: (_, row) => <Interval row={row} axis={axis} />,
    },
    ...profiles[profile].levels.map((level) =>
      count(level.name, <LevelHead level={level.name} word={word(level.name)} />, (row) => row.counts[level.name] ?? 0),
    ),
    count('rated', t('scores.rated'), rated),
    count('services', t('scores.services'), services),
    {
      ...share(
        'participation',
        <Help word={t('scores.participation')} help={t('scores.participationHelp')} />,
        ({ participationRate }) => participationRate,
        services,
      ),
      render: (_, row) => <Participation row={row} />,
    },
    share(
      'notInvited',
      <Help word={t('scores.notInvited')} help={t('scores.notInvitedHelp')} />,
      ({ notInvitedRate }) => notInvitedRate,
      services,
    ),
    share(
      'dissatisfaction',
      <Help word={t('scores.dissatisfaction')} help={t('scores.dissatisfactionHelp')} />,
      ({ dissatisfactionRate }) => dissatisfactionRate,
      rated,
    ),
    {
      ...share(
        'index',
        <Help word={t('scores.index')} help={t('scores.indexHelp')} />,
        ({ satisfactionIndex }) => satisfactionIndex,
        rated,
      ),
      render: (_, row) => format.figure(row.satisfactionIndex, 1),
    },
    ...(isRanked
      ? [
          share(
            'shrunk',
            <Help word={t('scores.shrunk')} help={t('scores.shrunkHelp', { count: priorRatings })} />,
            ({ shrunkRate }) => shrunkRate,
            rated,
          ),
        ]
      : []),
  ];
}

function Name({ name, open }: { name: string; open: (() => void) | null }) {
  if (open === null) return name;
  return (
    <button type="button" className="link-button" onClick={open}>
      {name}
    </button>
  );
}

function LevelHead({ level, word }: { level: string; word: string }) {
  return (
    <Tooltip title={word}>
      <span className="level-word">
        <Mark level={level} size={14} />
        <span className="hidden-text">{word}</span>
      </span>
    </Tooltip>
  );
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
      <span aria-hidden="true">—</span>
      <span className="hidden-text">{t('scores.participationUnknown')}</span>
    </Tooltip>
  );
}
