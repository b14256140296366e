import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate, useParams } from 'react-router';
import { NotFound } from '../frame/not-found.tsx';
import { SitePage } from '../frame/site-page.tsx';
import { CountersTab } from './counters-tab.tsx';
import { QuarantineTab } from './quarantine-tab.tsx';
import { TerminalsTab } from './terminals-tab.tsx';
import './terminals.css';

const tabs = ['terminals', 'quarantine', 'counters'] as const;

/** The devices of a site: whether they live, whether everything they made has come, and where they stand. */
export function TerminalsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search } = useLocation();
  const { tab = 'terminals' } = useParams();
  const open = tabs.find((one) => one === tab);
  if (open === undefined) return <NotFound />;
  return (
    <SitePage title={t('terminals.title')}>
      {(site) => (
        <>
          <Tabs
            activeKey={open}
            onChange={(key) =>
              void navigate({ pathname: key === 'terminals' ? '/terminals' : `/terminals/${key}`, search })
            }
            items={tabs.map((one) => ({ key: one, label: t(`terminals.tabs.${one}`) }))}
          />
          {open === 'terminals' && <TerminalsTab key={site.id} site={site} />}
          {open === 'quarantine' && <QuarantineTab site={site} />}
          {open === 'counters' && <CountersTab site={site} />}
        </>
      )}
    </SitePage>
  );
}
