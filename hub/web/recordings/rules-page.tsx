import type { Site } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { SitePage } from '../frame/site-page.tsx';
import { useFormat } from '../i18n/format.ts';
import { useIsAdministrator } from '../people/use-people.ts';
import { Downloaders } from './downloaders.tsx';
import { Policy } from './policy.tsx';
import { RetentionDays } from './retention-days.tsx';
import { StateBanner } from './state-banner.tsx';
import { useRecordingsState } from './use-recordings.ts';
import './recordings.css';

/** What a site records, how long that is kept, and who may take it away. */
export function RulesPage() {
  const { t } = useTranslation();
  return (
    <SitePage
      title={t('recordings.rules.title')}
      extra={({ id }) => <Link to={`/recordings?site=${id}`}>{t('recordings.toAll')}</Link>}
    >
      {(site) => <SiteRules key={site.id} site={site} />}
    </SitePage>
  );
}

function SiteRules({ site }: { site: Site }) {
  const isAdministrator = useIsAdministrator();
  return (
    <>
      <StateBanner />
      <div className="rules">
        <Policy site={site} mayChange={isAdministrator} />
        <RetentionDays site={site} mayChange={isAdministrator} />
        {isAdministrator && <Downloaders />}
      </div>
      <Totals site={site} />
    </>
  );
}

function Totals({ site }: { site: Site }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useRecordingsState();
  if (data === undefined) return null;
  const { stored, bytes, keptIn, verifiedSince } = data;
  return (
    <p className="muted rules-totals">
      {format.sentences(
        t('recordings.rules.totals', { count: stored, size: format.bytes(bytes) }),
        t(`recordings.rules.keptIn.${keptIn}`),
        verifiedSince === null
          ? t('recordings.rules.verifying')
          : t('recordings.rules.verified', { time: format.dateTime(verifiedSince, site.timeZone) }),
      )}
    </p>
  );
}
