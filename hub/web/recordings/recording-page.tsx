import type { Recording } from '@manyi/config/recordings';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { usePageTitle } from '../frame/page-title.ts';
import { useSites } from '../frame/sites.tsx';
import { Loading, WhenRead } from '../frame/states.tsx';
import { Heading } from '../people/heading.tsx';
import { Acts } from './acts.tsx';
import { Facts } from './facts.tsx';
import { Listen } from './listen.tsx';
import { StateBanner } from './state-banner.tsx';
import { useRecording } from './use-recordings.ts';
import '../services/services.css';
import './recordings.css';

/** One recording: its sound, what is known of it, and what may be done with it. */
export function RecordingPage() {
  const { t } = useTranslation();
  const { recording: id = '' } = useParams();
  usePageTitle(t('recordings.one'));
  const query = useRecording(id);
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('recordings.one')}</h1>
        {query.data !== undefined && <Heading of={query.data} at={query.data.startedAt} />}
        <span className="code muted">{id}</span>
        <span className="page-extra">
          <Link to="/recordings">{t('recordings.toAll')}</Link>
        </span>
      </header>
      <StateBanner />
      <WhenRead query={query}>{(found) => <Found of={found} />}</WhenRead>
    </div>
  );
}

function Found({ of }: { of: Recording }) {
  const { t } = useTranslation();
  const { data: sites } = useSites();
  const site = sites?.find(({ id }) => id === of.site);
  if (site === undefined) return <Loading />;
  return (
    <div className="recording">
      <section className="card" aria-label={t('recordings.sound')}>
        <Listen of={of} />
      </section>
      <aside className="card facts" aria-labelledby="facts-title">
        <Facts of={of} site={site} />
        <Acts of={of} />
      </aside>
    </div>
  );
}
