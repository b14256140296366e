import type { FloorCounter } from '@manyi/config/api';
import type { ProfileId } from '@manyi/config/profiles';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../frame/now.ts';
import { useFormat } from '../i18n/format.ts';
import { Stack } from '../levels/stack.tsx';
import { isBad, sharesOf, useLevelWords } from '../levels/words.ts';
import { ListenButton } from '../listening/listen-button.tsx';
import { Outcomes } from './outcomes.tsx';

interface CounterCardProps {
  counter: FloorCounter;
  profile: ProfileId;
  zone: string;
  /** Opens the way to listen in to a counter, by its id. */
  listen: (counter: string) => void;
}

/** One counter as it stands: presence, clerk, today's rate over its ratings, the newest outcomes. */
export const CounterCard = memo(function CounterCard({ counter, profile, zone, listen }: CounterCardProps) {
  const format = useFormat();
  const { shares } = useLevelWords(profile);
  const { t } = useTranslation();
  const { today, last, presence } = counter;
  const parts = sharesOf(profile, today);
  const newest = last.findLast(({ unprompted }) => !unprompted);
  const bad = isBad(profile, newest?.level ?? null);
  return (
    <article
      className={`card counter ${bad ? 'bad' : ''} ${presence?.state === 'offline' ? 'off' : ''}`}
      aria-label={counter.name}
    >
      <div className="counter-row">
        <Presence counter={counter} />
        <Duty counter={counter} />
      </div>
      <div className="counter-row counter-who">
        {counter.clerk === null ? <span className="nobody">{t('floor.nobody')}</span> : <b>{counter.clerk.name}</b>}
        <span className="counter-rate">{format.percent(today.satisfactionRate)}</span>
      </div>
      <Outcomes last={last} profile={profile} zone={zone} />
      <Stack shares={parts} label={t('floor.shares', { list: shares(parts) || '—' })} />
      <div className="counter-row counter-foot">
        <Foot counter={counter} zone={zone} />
        <ListenButton counter={counter} listen={listen} />
      </div>
    </article>
  );
});

function Presence({ counter: { name, presence, terminal } }: { counter: FloorCounter }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(15_000);
  const state = presence?.state ?? 'unknown';
  const word =
    terminal === null
      ? t('floor.noTerminal')
      : presence?.state === 'offline'
        ? t('floor.offlineFor', { time: format.since(presence.since, now) })
        : state === 'online'
          ? null
          : t('floor.presence.unknown');
  return (
    <span className="muted">
      <span className={`dot ${state === 'online' ? '' : state}`} />
      <span className="counter-name">{name}</span>
      {word === null ? <span className="hidden-text">{t('floor.presence.online')}</span> : ` · ${word}`}
    </span>
  );
}

function Duty({ counter: { clerk } }: { counter: FloorCounter }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(15_000);
  if (clerk === null) return null;
  if (clerk.pausedSince !== null) {
    return <span className="pill">{t('floor.paused', { time: format.since(clerk.pausedSince, now) })}</span>;
  }
  return <span className="muted">{t('floor.onDutyFor', { time: format.since(clerk.since, now) })}</span>;
}

function Foot({ counter: { today, presence, last }, zone }: { counter: FloorCounter; zone: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const latest = last.at(-1);
  const words = [t('floor.ratings', { count: today.rated })];
  if (today.participationRate !== null) {
    words.push(t('floor.participationShort', { rate: format.percent(today.participationRate) }));
  }
  if (today.unprompted > 0) words.push(t('floor.unpromptedShort', { count: today.unprompted }));
  if (presence?.state === 'offline' && latest !== undefined) {
    return <p className="muted">{t('floor.lastRating', { time: format.time(latest.time, zone) })}</p>;
  }
  return <p className="muted">{words.join(' · ')}</p>;
}
