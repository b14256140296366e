import type { Floor } from '@manyi/config/api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAuditItem } from '../audit/use-audit-item.tsx';
import { useCauseWords } from '../frame/cause.ts';
import { useNow } from '../frame/now.ts';
import { useFormat } from '../i18n/format.ts';
import { Mark } from '../levels/mark.tsx';
import { useLevelWords } from '../levels/words.ts';
import { useClerks } from '../people/use-people.ts';
import { useTerminals } from '../terminals/use-terminals.ts';
import { Item } from './item.tsx';
import { useBadRatings } from './use-bad-ratings.ts';
import { useRecordingFaults, useRecordingTrouble } from './use-recording-items.tsx';

/**
 * What needs a person now: bad ratings, silent terminals, numbers that do not add up. Each with the way to it. What is amiss with the hub
 * itself comes first: until it is mended, evidence is lost at every counter.
 */
export function Attention({ floor }: { floor: Floor }) {
  const { t } = useTranslation();
  const bad = useBadItems(floor);
  const offline = useOffline(floor);
  const gaps = useGaps(floor);
  const failed = useFailedParts(floor);
  const trouble = useRecordingTrouble(floor);
  const faults = useRecordingFaults(floor);
  const audit = useAuditItem();
  const items = [...audit, ...trouble, ...bad, ...offline, ...failed, ...faults, ...gaps];
  return (
    <aside className="attention" aria-labelledby="attention-title">
      <h2 id="attention-title">
        {t('floor.attention')}
        {items.length > 0 && ` · ${items.length}`}
      </h2>
      <div aria-live="polite" aria-relevant="additions">
        {items.length === 0 ? (
          <p className="calm muted">
            <b>{t('floor.calm')}</b>
            {t('floor.calmDetail')}
          </p>
        ) : (
          <ul>{items}</ul>
        )}
      </div>
    </aside>
  );
}

function useBadItems(floor: Floor): ReactNode[] {
  const { t } = useTranslation();
  const format = useFormat();
  const { site, counters } = floor;
  const { word } = useLevelWords(site.profile);
  const { data: clerks = [] } = useClerks(site.id);
  const nameOf = (known: readonly { id: string; name: string }[], id: string | null, none: string) =>
    id === null ? none : (known.find((one) => one.id === id)?.name ?? id);
  const places = counters.map(({ counter, name }) => ({ id: counter, name }));
  return useBadRatings(floor).map(({ service, level, time, counter, clerk, unprompted, recorded }) => (
    <Item
      key={service}
      title={
        <span className="level-word">
          <Mark level={level} size={13} apart={unprompted} />
          {t('floor.badRating', { counter: nameOf(places, counter, t('scores.noCounter')), level: word(level) })}
        </span>
      }
      detail={unprompted ? t('floor.unpromptedDetail') : nameOf(clerks, clerk, t('scores.noClerk'))}
      when={format.time(time, site.timeZone)}
      action={<Link to={`/services/${service}`}>{t(recorded ? 'floor.hear' : 'floor.evidence')}</Link>}
    />
  ));
}

function useOffline({ counters, site }: Floor): ReactNode[] {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(15_000);
  return counters
    .filter(({ presence }) => presence?.state === 'offline')
    .map(({ counter, name, presence }) => (
      <Item
        key={`offline-${counter}`}
        title={t('floor.terminalOffline', {
          counter: name,
          time: format.since(presence?.since ?? '', now),
        })}
        detail={presence?.unsent ? t('floor.unsent', { count: presence.unsent }) : t('floor.terminalOfflineDetail')}
        when={format.time(presence?.since ?? '', site.timeZone)}
        action={<Link to={`/terminals?site=${site.id}`}>{t('floor.toTerminal')}</Link>}
      />
    ));
}

function useGaps({ site }: Floor): ReactNode[] {
  const { t } = useTranslation();
  const { data = [] } = useTerminals(site.id);
  return data.flatMap(({ id, today, presence }) => [
    ...(lost(today.missing, presence.unsent) > 0
      ? [
          <Item
            key={`missing-${id}`}
            title={t('floor.missing', { terminal: id, count: lost(today.missing, presence.unsent) })}
            detail={t('floor.missingDetail')}
            action={<Link to={`/terminals?site=${site.id}`}>{t('floor.toTerminal')}</Link>}
          />,
        ]
      : []),
    ...(today.quarantined > 0
      ? [
          <Item
            key={`quarantined-${id}`}
            title={t('floor.quarantined', { terminal: id, count: today.quarantined })}
            detail={t('floor.quarantinedDetail')}
            action={<Link to={`/terminals/quarantine?site=${site.id}`}>{t('terminals.tabs.quarantine')}</Link>}
          />,
        ]
      : []),
  ]);
}

/** The parts that failed, of terminals that can be heard. */
function useFailedParts({ site, counters }: Floor): ReactNode[] {
  const { t } = useTranslation();
  const format = useFormat();
  const causeWords = useCauseWords();
  const { data = [] } = useTerminals(site.id);
  const nameOf = (counter: string) => counters.find((one) => one.counter === counter)?.name ?? counter;
  return data
    .filter(({ presence }) => presence.state === 'online')
    .flatMap(({ id, counter, failures }) =>
      failures.map(({ part, since, detail }) => (
        <Item
          key={`failed-${id}-${part}`}
          title={t('floor.partFailed', { counter: nameOf(counter), part: t(`terminals.parts.${part}`) })}
          detail={detail === null ? t('floor.partFailedDetail') : causeWords(detail)}
          {...(since === null ? {} : { when: format.time(since, site.timeZone) })}
          action={<Link to={`/terminals?site=${site.id}`}>{t('floor.toTerminal')}</Link>}
        />
      )),
    );
}

/** What still waits on a terminal lacks at the hub, but is not lost. */
function lost(missing: number, unsent: number | null): number {
  return Math.max(0, missing - (unsent ?? 0));
}
