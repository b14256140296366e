import type { Recording } from '@manyi/config/recordings';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Failed } from '../frame/states.tsx';
import { useFormat } from '../i18n/format.ts';
import { Listen } from './listen.tsx';
import { StateBanner } from './state-banner.tsx';
import { useRecordingsOf } from './use-recordings.ts';
import { lengthOf, SoundWords, StateWords } from './words.tsx';
import './recordings.css';

/** The recordings of a service, each with its player; nothing where there are none. */
export function RecordingsOfService({ service, zone }: { service: string; zone: string }) {
  const { t } = useTranslation();
  const { data = [], error, refetch } = useRecordingsOf(service);
  if (error !== null) return <Failed error={error} retry={refetch} />;
  if (data.length === 0) return null;
  return (
    <section className="card of-service" aria-labelledby="recordings-title">
      <h2 id="recordings-title">{t('recordings.title')}</h2>
      <StateBanner />
      {data.map((one) => (
        <OfService key={one.recording} of={one} zone={zone} />
      ))}
    </section>
  );
}

function OfService({ of, zone }: { of: Recording; zone: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div>
      <p className="of-service-line">
        <Link
          to={`/recordings/${of.recording}`}
          aria-label={`${t('recordings.one')} ${format.seconds(of.startedAt, zone)}`}
        >
          {format.seconds(of.startedAt, zone)}
        </Link>
        <span>{lengthOf(of)}</span>
        <span>
          <SoundWords of={of} />
        </span>
        <StateWords of={of} />
      </p>
      <Listen of={of} />
    </div>
  );
}
