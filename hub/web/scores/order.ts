import type { ScoreRow } from '@manyi/config/api';
import { enoughRatings } from '@manyi/config/formulas';
import type { SortOrder } from 'antd/es/table/interface';

type Compare = (a: ScoreRow, b: ScoreRow, order?: SortOrder) => number;

/**
 * The order of a rate. Rows that rest on too little to say anything, or on nothing, stand last whichever way one sorts: a table that
 * begins with three happy customers out of three would mislead.
 */
export function byRate(rate: (row: ScoreRow) => number | null, over: (row: ScoreRow) => number): Compare {
  const says = (row: ScoreRow) => rate(row) !== null && over(row) >= enoughRatings;
  return lastEitherWay(says, (a, b) => (rate(a) ?? -1) - (rate(b) ?? -1) || over(a) - over(b));
}

/** The order of the rank; who has none stands last whichever way one sorts. */
export const byRank: Compare = lastEitherWay(
  ({ rank }) => rank !== null,
  (a, b) => (a.rank ?? 0) - (b.rank ?? 0) || b.rated - a.rated,
);

/** Ant Design turns a comparison round when it sorts downwards; what comes last has to be turned round before. */
function lastEitherWay(says: (row: ScoreRow) => boolean, compare: Compare): Compare {
  return (a, b, order) => {
    if (says(a) === says(b)) return compare(a, b);
    return (says(a) ? -1 : 1) * (order === 'descend' ? -1 : 1);
  };
}
