import { useTranslation } from 'react-i18next';
import { useNow } from '../frame/now.ts';
import { useFormat } from '../i18n/format.ts';
import type { StreamState } from './use-floor.ts';

interface FreshnessProps {
  state: StreamState;
  updatedAt: number;
  zone: string;
}

/** How fresh the floor is. Only a change of state is spoken, never the passing seconds. */
export function Freshness({ state, updatedAt, zone }: FreshnessProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(1000);
  const seconds = Math.max(0, Math.floor((now - updatedAt) / 1000));
  return (
    <span className="muted freshness">
      <span role="status" className={state === 'lost' ? 'freshness-lost' : ''}>
        <span className={`dot ${state === 'live' ? '' : state === 'lost' ? 'lost' : 'unknown'}`} />
        {t(`floor.stream.${state}`)}
      </span>
      {updatedAt > 0 && (
        <span aria-hidden="true">
          {' · '}
          {seconds < 2 ? t('floor.updatedNow') : t('floor.updated', { count: seconds })}
        </span>
      )}
      <span className="freshness-clock">{t('floor.today', { time: format.time(now, zone) })}</span>
    </span>
  );
}
