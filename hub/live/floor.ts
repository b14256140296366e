import type { Floor, FloorCounter, ScoreRow } from '@manyi/config/api';
import { outcome } from '@manyi/config/events';
import type { LivePresence } from '@manyi/config/live';
import { startOfDay, toRfc3339 } from '@manyi/config/zone';
import type { Clock } from '../clock.ts';
import type { Scoreboard } from '../scores/board.ts';
import type { ScoredSite } from '../scores/scores.ts';
import type { CountedService, LiveStore, OpenDuty } from './store.ts';

/** How many of the newest outcomes a counter shows. */
const shownOutcomes = 12;

export interface FloorParts {
  readonly store: LiveStore;
  readonly scoreboard: Scoreboard;
  readonly presence: () => readonly LivePresence[];
  /** Whether a terminal's microphone works; null where it has none. */
  readonly microphone: (terminal: string) => boolean | null;
  readonly clock: Clock;
}

/** A site as it stands at one position of the ledger: every counter with its clerk, presence, newest outcomes and today's figures. */
export function readFloor(site: ScoredSite, { store, scoreboard, presence, microphone, clock }: FloorParts): Floor {
  return store.atOnce(() => {
    const now = clock.now();
    const question = { from: null, to: null, sites: [site], clerk: null, everybody: true };
    const today = scoreboard.scores({ ...question, by: 'site' });
    const counters = scoreboard.scores({ ...question, by: 'counter' }).items.filter((row) => row.key !== '');
    const newest = newestOf(store.services(site.id, startOfDay(now, site.timeZone)), counters);
    const duties = new Map(store.duties(site.id).map((duty) => [duty.counter, duty]));
    const terminals = terminalsOf(site, store, presence());
    const [siteRow] = today.items;
    if (siteRow === undefined) throw new Error(`the score of site ${site.id} has no row`);
    const { id, name, timeZone, mode, profile } = site;
    return {
      site: { id, name, timeZone, mode, profile },
      position: today.position,
      now: toRfc3339(now, timeZone),
      today: siteRow,
      counters: counters.map((row): FloorCounter => {
        const terminal = terminals.get(row.key) ?? { terminal: null, presence: null };
        const outcomes = (newest.get(row.key) ?? []).map((one) => toOutcome(one, timeZone));
        return {
          counter: row.key,
          name: row.name,
          ...terminal,
          microphone: terminal.terminal === null ? null : microphone(terminal.terminal),
          clerk: toClerk(duties.get(row.key), timeZone),
          last: outcomes,
          today: row,
        };
      }),
    };
  });
}

/** The newest outcomes of each counter, oldest first. Reads back only until every counter has enough. */
function newestOf(services: Iterable<CountedService>, counters: readonly ScoreRow[]): Map<string, CountedService[]> {
  const found = new Map<string, CountedService[]>(counters.map((counter) => [counter.key, []]));
  let lacking = counters.length;
  for (const service of services) {
    const last = found.get(service.counter);
    if (last === undefined || last.length === shownOutcomes) continue;
    last.unshift(service);
    if (last.length === shownOutcomes) lacking -= 1;
    if (lacking === 0) break;
  }
  return found;
}

/** The terminal of each counter; of several the one that was heard from last, before those that are not to be heard. */
function terminalsOf(site: ScoredSite, store: LiveStore, presences: readonly LivePresence[]) {
  const heard = new Map(presences.map((presence) => [presence.terminal, presence]));
  const found = new Map<string, Pick<FloorCounter, 'terminal' | 'presence'>>();
  for (const { id, counter } of store.terminals().filter((terminal) => terminal.site === site.id)) {
    const presence = heard.get(id);
    if (found.has(counter) && presence?.state !== 'online') continue;
    const shown = presence && { state: presence.state, since: presence.since, unsent: presence.unsent };
    found.set(counter, { terminal: id, presence: shown ?? null });
  }
  return found;
}

function toClerk(duty: OpenDuty | undefined, zone: string): FloorCounter['clerk'] {
  if (duty === undefined || duty.clerk === '') return null;
  const pausedSince = duty.paused === null ? null : toRfc3339(duty.paused, zone);
  return { id: duty.clerk, name: duty.name, since: toRfc3339(duty.started, zone), pausedSince };
}

function toOutcome(service: CountedService, zone: string): FloorCounter['last'][number] {
  const { level } = service;
  const ended = outcome.safeParse(service.outcome);
  return {
    service: service.service,
    level,
    outcome: ended.success ? ended.data : null,
    time: toRfc3339(service.counted_at, zone),
    unprompted: service.unprompted === 1,
  };
}
