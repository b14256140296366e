import type { Terminal } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';
import { useNow } from '../frame/now.ts';
import { useFormat } from '../i18n/format.ts';

/** Whether the terminal can be heard, since when, and what waits on it. */
export function PresenceWords({ terminal: { presence, enrolled } }: { terminal: Terminal }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(15_000);
  if (!enrolled) return <span className="muted">{t('terminals.notEnrolled')}</span>;
  const { state, since, unsent } = presence;
  const word =
    state === 'offline' ? t('floor.offlineFor', { time: format.since(since, now) }) : t(`floor.presence.${state}`);
  return (
    <>
      <span className={`dot ${state === 'online' ? '' : state}`} />
      {word}
      {unsent !== null && unsent > 0 && <span className="muted"> · {t('terminals.unsent', { count: unsent })}</span>}
    </>
  );
}
