import type { ScoreRow, Site } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';
import { SitePage } from '../frame/site-page.tsx';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { NobodysRatings, NothingOfClerks } from './nobodys-ratings.tsx';
import { RangeTools } from './range-tools.tsx';
import { ScoresTable } from './scores-table.tsx';
import { TimeChart } from './time-chart.tsx';
import { Totals } from './totals.tsx';
import { useChoice } from './use-choice.ts';
import { useScores } from './use-scores.ts';

/** Scores of a site by clerk, counter, day or hour, or of all sites side by side, over any days. */
export function ScoresPage() {
  const { t } = useTranslation();
  return <SitePage title={t('scores.title')}>{(site) => <SiteScores key={site.id} site={site} />}</SitePage>;
}

function SiteScores({ site }: { site: Site }) {
  const { t } = useTranslation();
  const [choice, change] = useChoice(site.timeZone);
  const { days, by } = choice;
  const isOfAll = by === 'site';
  const rows = useScores(isOfAll ? null : site.id, days, by);
  const ofSite = useScores(site.id, days, 'site');
  const whole = isOfAll ? null : (ofSite.data?.items[0] ?? null);
  const isChanging = rows.isPlaceholderData || ofSite.isPlaceholderData;
  return (
    <>
      <RangeTools site={site} choice={choice} change={change} />
      {whole !== null && isSomething(whole) && <Totals row={whole} />}
      {!isOfAll && <TimeChart site={site} days={days} />}
      <WhenRead query={rows} rows={8}>
        {({ items, profile, position }) => {
          const nobodys = by === 'clerk' && !isChanging && whole !== null ? whole.rated - ratedBy(items) : 0;
          if (nobodys > 0 && ratedBy(items) === 0) return <NothingOfClerks count={nobodys} change={change} />;
          if (!items.some(isSomething)) return <Nothing title={t('scores.empty')} detail={t('scores.emptyDetail')} />;
          return (
            <>
              <NobodysRatings count={nobodys} />
              <ScoresTable
                site={site}
                choice={choice}
                profile={profile}
                rows={items}
                mean={whole?.satisfactionRate ?? null}
                isChanging={isChanging}
              />
              <p className="muted">
                {whole !== null && whole.unprompted > 0 && `${t('floor.unprompted', { count: whole.unprompted })} · `}
                {t('scores.position', { position })}
              </p>
            </>
          );
        }}
      </WhenRead>
    </>
  );
}

function isSomething({ services, unprompted }: ScoreRow): boolean {
  return services + unprompted > 0;
}

function ratedBy(rows: readonly ScoreRow[]): number {
  return rows.reduce((sum, { rated }) => sum + rated, 0);
}
