import type { Site } from '@manyi/config/api';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Days, lengthOf } from '../frame/range.ts';
import { useLanguage } from '../i18n/i18n.ts';
import { Legend } from '../levels/legend.tsx';
import { dayBars, hourBars } from './times.ts';
import { useScores } from './use-scores.ts';

const Chart = lazy(async () => ({ default: (await import('./chart.tsx')).Chart }));
const hoursUpToDays = 2;

/** When the ratings of the range came: by hour for a day or two, else by day. */
export function TimeChart({ site, days }: { site: Site; days: Days }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const length = lengthOf(days);
  const by = length <= hoursUpToDays ? 'hour' : 'day';
  const { data } = useScores(site.id, days, by);
  const bars = useMemo(() => {
    const rows = data?.items ?? [];
    return by === 'hour' ? hourBars(rows, site, length === 1, language) : dayBars(rows, days, site, language);
  }, [data, by, site, length, days, language]);
  if (data === undefined || data.items.length === 0) return null;
  const total = data.items.reduce((sum, row) => sum + row.rated, 0);
  return (
    <section className="card chart">
      <h2>{t(by === 'hour' ? 'scores.chartByHour' : 'scores.chartByDay')}</h2>
      <Legend profile={data.profile} />
      <Suspense fallback={<div className="chart-drawing" />}>
        <Chart bars={bars} profile={data.profile} caption={t('scores.chartCaption', { total })} />
      </Suspense>
    </section>
  );
}
