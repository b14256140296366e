import type { ScoreRow } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';
import { Figure } from '../frame/figure.tsx';
import { Help } from '../frame/help.tsx';
import { useFormat } from '../i18n/format.ts';

/** The figures of the whole site over the range. */
export function Totals({ row }: { row: ScoreRow }) {
  const { t } = useTranslation();
  const format = useFormat();
  const interval =
    row.interval === null
      ? t('scores.empty')
      : t('floor.interval', { from: format.points(row.interval[0]), to: format.points(row.interval[1]) });
  const participation =
    row.participationSource === 'unknown'
      ? t('floor.participationUnknown')
      : t('floor.notInvited', { rate: format.percent(row.notInvitedRate) });
  return (
    <section className="summary" aria-label={t('scores.total')}>
      <Figure
        over={<Help word={t('floor.satisfaction', { count: row.rated })} help={t('scores.satisfactionHelp')} />}
        under={interval}
      >
        {format.percent(row.satisfactionRate)}
      </Figure>
      <Figure
        over={<Help word={t('floor.participation', { count: row.services })} help={t('scores.participationHelp')} />}
        under={participation}
      >
        {format.percent(row.participationRate)}
      </Figure>
      <Figure over={t('scores.dissatisfaction')} under={t('scores.dissatisfactionHelp')}>
        {format.percent(row.dissatisfactionRate)}
      </Figure>
      <Figure over={t('scores.index')} under={t('scores.indexHelp')}>
        {format.figure(row.satisfactionIndex, 1)}
      </Figure>
    </section>
  );
}
