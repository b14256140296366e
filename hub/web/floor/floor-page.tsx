import type { Floor, Site } from '@manyi/config/api';
import { Alert } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePageTitle } from '../frame/page-title.ts';
import { SitePage } from '../frame/site-page.tsx';
import { SitePicker, useSite, useSites } from '../frame/sites.tsx';
import { Failed, Loading, Nothing } from '../frame/states.tsx';
import { useFormat } from '../i18n/format.ts';
import { Legend } from '../levels/legend.tsx';
import { ListeningDrawer } from '../listening/listening-drawer.tsx';
import { inOrder } from '../terminals/use-terminals.ts';
import { Attention } from './attention.tsx';
import { CounterCard } from './counter-card.tsx';
import { FirstRating } from './first-rating.tsx';
import { Freshness } from './freshness.tsx';
import { Summary } from './summary.tsx';
import { useFloor } from './use-floor.ts';
import './floor.css';

/** Every counter of a site, live. */
export function FloorPage() {
  const { t } = useTranslation();
  const sites = useSites();
  const { site, choose } = useSite(sites.data ?? []);
  usePageTitle(site === null ? t('floor.title') : `${t('floor.title')} · ${site.name}`);
  if (site === null) return <SitePage title={t('floor.title')}>{() => null}</SitePage>;
  return <LiveFloor key={site.id} site={site} sites={sites.data ?? []} choose={choose} />;
}

interface LiveFloorProps {
  site: Site;
  sites: readonly Site[];
  choose: (id: string) => void;
}

function LiveFloor({ site, sites, choose }: LiveFloorProps) {
  const { t } = useTranslation();
  const { floor, query, state, updatedAt } = useFloor(site.id);
  return (
    <div className={`floor ${state === 'lost' ? 'is-stale' : ''}`}>
      <div className="page">
        <header className="page-head">
          <h1 className={sites.length > 1 ? 'hidden-text' : ''}>{sites.length > 1 ? t('floor.title') : site.name}</h1>
          {sites.length > 1 && <SitePicker sites={sites} chosen={site} choose={choose} />}
          <span className="page-extra">
            <Freshness state={state} updatedAt={updatedAt} zone={site.timeZone} />
          </span>
        </header>
        {state === 'lost' && floor !== undefined && <Stale updatedAt={updatedAt} zone={site.timeZone} />}
        {query.error !== null && state !== 'lost' && <Failed error={query.error} retry={query.refetch} />}
        {floor !== undefined ? <Body floor={floor} /> : query.error === null && <Loading rows={12} />}
      </div>
      {floor !== undefined && <Attention floor={floor} />}
    </div>
  );
}

function Stale({ updatedAt, zone }: { updatedAt: number; zone: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Alert
      className="failed"
      type="warning"
      showIcon
      title={t('floor.stale', { time: format.seconds(updatedAt, zone) })}
    />
  );
}

function Body({ floor }: { floor: Floor }) {
  const { t } = useTranslation();
  const { site, counters, today } = floor;
  const [heard, listen] = useState<string | null>(null);
  if (counters.length === 0) {
    return (
      <Nothing title={t('floor.noCounters')} detail={t('floor.noCountersDetail')}>
        <Link to={`/terminals/counters?site=${site.id}`}>{t('terminals.counter.add')}</Link>
      </Nothing>
    );
  }
  const isFresh = today.rated === 0 && today.unprompted === 0 && counters.every(({ last }) => last.length === 0);
  return (
    <>
      <Summary floor={floor} />
      {isFresh && <FirstRating />}
      <section className="counters" aria-label={t('floor.counters')}>
        {counters
          .toSorted((a, b) => inOrder(a.name, b.name))
          .map((counter) => (
            <CounterCard
              key={counter.counter}
              counter={counter}
              profile={site.profile}
              zone={site.timeZone}
              listen={listen}
            />
          ))}
      </section>
      <ListeningDrawer
        site={site.id}
        counter={counters.find(({ counter }) => counter === heard) ?? null}
        close={() => listen(null)}
      />
      <Legend profile={site.profile} hasUnprompted={today.unprompted > 0} />
    </>
  );
}
