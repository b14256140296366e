import type { Site } from '@manyi/config/api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe } from '../session/session.ts';
import { usePageTitle } from './page-title.ts';
import { SitePicker, useSite, useSites } from './sites.tsx';
import { Nothing, WhenRead } from './states.tsx';

interface SitePageProps {
  title: string;
  /** What stands at the right of the head. */
  extra?: (site: Site) => ReactNode;
  children: (site: Site) => ReactNode;
}

/** A page about one site: its head with the choice of the site, and its body once the sites are known. */
export function SitePage({ title, extra, children }: SitePageProps) {
  const sites = useSites();
  const { site, choose } = useSite(sites.data ?? []);
  usePageTitle(site === null ? title : `${title} · ${site.name}`);
  return (
    <div className="page">
      <header className="page-head">
        <h1>{title}</h1>
        {site !== null && <SitePicker sites={sites.data ?? []} chosen={site} choose={choose} />}
        <span className="page-extra">{site !== null && extra?.(site)}</span>
      </header>
      <WhenRead query={sites}>{() => (site === null ? <NoSites /> : children(site))}</WhenRead>
    </div>
  );
}

function NoSites() {
  const { t } = useTranslation();
  const isAdministrator = useMe().data?.role === 'administrator';
  return (
    <Nothing title={t('floor.noSites')} detail={t('floor.noSitesDetail')}>
      {isAdministrator && <Link to="/people/sites">{t('people.site.add')}</Link>}
    </Nothing>
  );
}
