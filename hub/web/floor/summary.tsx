import type { Floor } from '@manyi/config/api';
import { profiles } from '@manyi/config/profiles';
import { useTranslation } from 'react-i18next';
import { Figure } from '../frame/figure.tsx';
import { Help } from '../frame/help.tsx';
import { useFormat } from '../i18n/format.ts';
import { Mark } from '../levels/mark.tsx';
import { useLevelWords } from '../levels/words.ts';

/** The figures of the whole site today, each with what it rests on. */
export function Summary({ floor }: { floor: Floor }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { today } = floor;
  const interval =
    today.interval === null
      ? t('floor.noRatingsYet')
      : t('floor.interval', { from: format.points(today.interval[0]), to: format.points(today.interval[1]) });
  return (
    <section className="summary" aria-label={t('floor.title')}>
      <Figure
        over={<Help word={t('floor.satisfaction', { count: today.rated })} help={t('scores.satisfactionHelp')} />}
        under={interval}
      >
        {format.percent(today.satisfactionRate)}
      </Figure>
      <Participation floor={floor} />
      <OnDuty floor={floor} />
      <Ratings floor={floor} />
    </section>
  );
}

function Participation({ floor: { today } }: { floor: Floor }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isUnknown = today.participationSource === 'unknown';
  return (
    <Figure
      over={<Help word={t('floor.participation', { count: today.services })} help={t('scores.participationHelp')} />}
      under={
        isUnknown
          ? t('floor.participationUnknown')
          : t('floor.notInvited', { rate: format.percent(today.notInvitedRate) })
      }
    >
      {format.percent(today.participationRate)}
    </Figure>
  );
}

function OnDuty({ floor: { counters } }: { floor: Floor }) {
  const { t } = useTranslation();
  const offline = counters.filter(({ presence }) => presence?.state === 'offline').length;
  const bare = counters.filter(({ terminal }) => terminal === null).length;
  const words = [
    ...(offline > 0 ? [t('floor.offlineCount', { count: offline })] : []),
    ...(bare > 0 ? [t('floor.noTerminalCount', { count: bare })] : []),
  ];
  const heard = counters.some(({ presence }) => presence?.state === 'online');
  return (
    <Figure
      over={t('floor.onDuty')}
      under={words.join(' · ') || (heard ? t('floor.allOnline') : t('floor.presence.unknown'))}
    >
      {counters.filter(({ clerk }) => clerk !== null).length} <span className="figure-of">/ {counters.length}</span>
    </Figure>
  );
}

function Ratings({ floor: { site, today } }: { floor: Floor }) {
  const { t } = useTranslation();
  const { word } = useLevelWords(site.profile);
  return (
    <Figure
      over={t('floor.todayRatings')}
      under={
        <span className="figure-levels">
          {profiles[site.profile].levels.map(({ name }) => (
            <span key={name} title={word(name)}>
              <Mark level={name} size={11} />
              <span className="hidden-text">{word(name)}</span>
              {today.counts[name] ?? 0}
            </span>
          ))}
        </span>
      }
    >
      {today.rated}
    </Figure>
  );
}
