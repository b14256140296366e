import type { ScoreRow } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';
import './scores.css';

/** The part of 0–1 that the intervals of a table are drawn on, and the site's own rate as a mark. */
export interface Axis {
  from: number;
  mean: number | null;
}

/** An axis on which every interval of the rows fits: it begins at a full tenth. */
export function axisOf(rows: readonly ScoreRow[], mean: number | null): Axis {
  const lowest = Math.min(0.9, ...rows.flatMap(({ interval }) => (interval === null ? [] : [interval[0]])));
  return { from: Math.max(0, Math.floor(lowest * 10) / 10), mean };
}

/** A rate with its interval as a line: the fewer ratings, the longer. The words say the same. */
export function Interval({ row, axis }: { row: ScoreRow; axis: Axis }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { satisfactionRate: rate, interval } = row;
  if (rate === null || interval === null) return <span className="muted">—</span>;
  const [low, high] = interval;
  const words = t('scores.intervalText', {
    rate: format.percent(rate),
    from: format.percent(low),
    to: format.percent(high),
    count: row.rated,
  });
  return (
    <span className="interval" title={words}>
      <b aria-hidden="true">{format.percent(rate)}</b>
      <svg viewBox="0 0 120 16" width="120" height="16" role="img" aria-label={words}>
        <line className="interval-axis" x1="2" x2="118" y1="8" y2="8" />
        {axis.mean !== null && (
          <line className="interval-mean" x1={x(axis.mean, axis)} x2={x(axis.mean, axis)} y1="1" y2="15" />
        )}
        <line className="interval-line" x1={x(low, axis)} x2={x(high, axis)} y1="8" y2="8" />
        <circle className="interval-rate" cx={x(rate, axis)} cy="8" r="4" />
      </svg>
    </span>
  );
}

/** What the drawings of the column are measured on. */
export function IntervalScale({ axis }: { axis: Axis }) {
  const format = useFormat();
  return (
    <span className="interval-scale" aria-hidden="true">
      <span>{format.figure(axis.from * 100)}%</span>
      <span>100%</span>
    </span>
  );
}

function x(rate: number, { from }: Axis): number {
  return 6 + (Math.max(0, rate - from) / (1 - from)) * 108;
}
