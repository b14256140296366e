import { type Service, service } from '@manyi/config/api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { CaseOfService } from '../cases/of-service.tsx';
import { usePageTitle } from '../frame/page-title.ts';
import { useSites } from '../frame/sites.tsx';
import { WhenRead } from '../frame/states.tsx';
import { ProblemError, read } from '../http/client.ts';
import { Heading } from '../people/heading.tsx';
import { RecordingsOfService } from '../recordings/of-service.tsx';
import { Chain } from './chain.tsx';
import { Facts } from './facts.tsx';
import './services.css';

/** While it runs, its next entries come soon; afterwards they are what others decide, and the case that a bad rating opens. */
const runningMs = 5_000;
const againMs = 15_000;

/** One service: what it came to, and the evidence chain that it rests on. */
export function ServicePage() {
  const { t } = useTranslation();
  const { service: id = '' } = useParams();
  usePageTitle(t('service.title'));
  const query = useQuery({
    queryKey: ['service', id],
    queryFn: () => read(service, `/services/${encodeURIComponent(id)}`),
    refetchInterval: ({ state: { data, error } }) => {
      if (error instanceof ProblemError && error.status === 404) return false;
      return data?.outcome === null ? runningMs : againMs;
    },
  });
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('service.title')}</h1>
        {query.data !== undefined && <Heading of={query.data} at={query.data.startedAt} />}
        <span className="code muted">{id}</span>
      </header>
      <WhenRead query={query}>{(found) => <Found found={found} />}</WhenRead>
    </div>
  );
}

function Found({ found }: { found: Service }) {
  const { t } = useTranslation();
  const site = useSites().data?.find((one) => one.id === found.site);
  const zone = site?.timeZone ?? 'UTC';
  return (
    <div className="service">
      <div>
        <CaseOfService found={found} zone={zone} />
        <RecordingsOfService service={found.service} zone={zone} />
        <section className="card" aria-labelledby="chain-title">
          <h2 id="chain-title">{t('service.chain')}</h2>
          <p className="muted">{t('service.chainHelp')}</p>
          <Chain found={found} zone={zone} />
        </section>
      </div>
      <Facts found={found} zone={zone} siteName={site?.name ?? found.site} />
    </div>
  );
}
