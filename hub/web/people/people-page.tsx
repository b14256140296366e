import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate, useParams } from 'react-router';
import { NotFound } from '../frame/not-found.tsx';
import { usePageTitle } from '../frame/page-title.ts';
import { SitePage } from '../frame/site-page.tsx';
import { BadgesTab } from './badges-tab.tsx';
import { ClerksTab } from './clerks-tab.tsx';
import { ImportTab } from './import-tab.tsx';
import { SitesTab } from './sites-tab.tsx';
import { useIsAdministrator } from './use-people.ts';
import { UsersTab } from './users-tab.tsx';
import './people.css';

const tabs = ['clerks', 'badges', 'import', 'sites', 'users'] as const;
type Tab = (typeof tabs)[number];

/** Who serves, who looks on, and where. */
export function PeoplePage() {
  const { t } = useTranslation();
  const { tab = 'clerks' } = useParams();
  const isAdministrator = useIsAdministrator();
  const open = tabs.find((one) => one === tab);
  if (open === undefined || (isOnlyForAdministrators(open) && !isAdministrator)) return <NotFound />;
  if (open === 'sites' || open === 'users') return <HubPage open={open} />;
  return (
    <SitePage title={t('nav.people')}>
      {(site) => (
        <>
          <PeopleTabs open={open} />
          {open === 'clerks' && <ClerksTab site={site} />}
          {open === 'badges' && <BadgesTab site={site} />}
          {open === 'import' && <ImportTab site={site} />}
        </>
      )}
    </SitePage>
  );
}

/** What belongs to the whole hub, and is there before the first site. */
function HubPage({ open }: { open: 'sites' | 'users' }) {
  const { t } = useTranslation();
  usePageTitle(`${t('nav.people')} · ${t(`people.tabs.${open}`)}`);
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('nav.people')}</h1>
      </header>
      <PeopleTabs open={open} />
      {open === 'sites' ? <SitesTab /> : <UsersTab />}
    </div>
  );
}

function PeopleTabs({ open }: { open: Tab }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search } = useLocation();
  const isAdministrator = useIsAdministrator();
  return (
    <Tabs
      activeKey={open}
      onChange={(key) => void navigate({ pathname: `/people/${key}`, search })}
      items={tabs
        .filter((tab) => isAdministrator || !isOnlyForAdministrators(tab))
        .map((tab) => ({ key: tab, label: t(`people.tabs.${tab}`) }))}
    />
  );
}

function isOnlyForAdministrators(tab: Tab): boolean {
  return tab === 'users' || tab === 'import';
}
