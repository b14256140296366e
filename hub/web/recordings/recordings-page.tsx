import type { Site } from '@manyi/config/api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { More } from '../frame/more.tsx';
import { SitePage } from '../frame/site-page.tsx';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { FilterTools } from './filter-tools.tsx';
import { RecordingsTable } from './recordings-table.tsx';
import { StateBanner } from './state-banner.tsx';
import { filterOf, isNarrow, useChoice } from './use-choice.ts';
import { useRecordings } from './use-recordings.ts';
import './recordings.css';

/** The recordings of a site: found by time, clerk, counter, level, length and state. */
export function RecordingsPage() {
  const { t } = useTranslation();
  return (
    <SitePage
      title={t('recordings.title')}
      extra={({ id }) => <Link to={`/recordings/rules?site=${id}`}>{t('recordings.rules.title')}</Link>}
    >
      {(site) => <SiteRecordings key={site.id} site={site} />}
    </SitePage>
  );
}

function SiteRecordings({ site }: { site: Site }) {
  const { t } = useTranslation();
  const [choice, change] = useChoice(site.timeZone);
  const query = useRecordings(site.id, filterOf(choice));
  return (
    <>
      <StateBanner />
      <FilterTools site={site} choice={choice} change={change} />
      <WhenRead query={query} rows={8}>
        {({ pages }) => {
          const found = pages.flatMap(({ items }) => items);
          if (found.length === 0 && query.hasNextPage)
            return (
              <p className="muted" role="status">
                {t('recordings.looking')}
              </p>
            );
          if (found.length === 0) return <Empty isNarrowed={isNarrow(choice)} site={site} />;
          return (
            <>
              <RecordingsTable site={site} recordings={found} />
              <More of={query} />
            </>
          );
        }}
      </WhenRead>
    </>
  );
}

function Empty({ isNarrowed, site }: { isNarrowed: boolean; site: Site }) {
  const { t } = useTranslation();
  const [, setQuery] = useSearchParams();
  if (!isNarrowed)
    return (
      <Nothing title={t('recordings.empty')} detail={t('recordings.emptyDetail')}>
        <Link to={`/recordings/rules?site=${site.id}`}>{t('recordings.toRules')}</Link>
      </Nothing>
    );
  return (
    <Nothing title={t('recordings.noneFound')} detail={t('recordings.noneFoundDetail')}>
      <Button onClick={() => setQuery({ site: site.id })}>{t('recordings.clear')}</Button>
    </Nothing>
  );
}
