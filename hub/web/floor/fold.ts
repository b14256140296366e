import type { Floor, FloorCounter, ScoreRow } from '@manyi/config/api';
import { type Outcome, outcome as outcomes, withoutVersion } from '@manyi/config/events';
import {
  dissatisfactionRate,
  satisfactionIndex,
  satisfactionRate,
  wilsonInterval,
  withPolarity,
} from '@manyi/config/formulas';
import type { LiveEntry } from '@manyi/config/live';
import { levelIndex, type ProfileId } from '@manyi/config/profiles';
import { startOfDay } from '@manyi/config/zone';
import { countsOf } from '../levels/words.ts';

/** How many outcomes a counter's card shows. */
export const shownOutcomes = 12;

type Last = FloorCounter['last'][number];

/**
 * The floor with what the live stream told after it, so that a press moves the figures at once. Entries that the floor
 * already holds are passed over; what a press cannot tell alone (participation, duties) comes with the next reading.
 */
export function foldFloor(floor: Floor, entries: readonly LiveEntry[]): Floor {
  const midnight = startOfDay(Date.parse(floor.now), floor.site.timeZone);
  return entries
    .filter((entry) => entry.position > floor.position && Date.parse(entry.time) >= midnight)
    .reduce(foldEntry, floor);
}

function foldEntry(floor: Floor, entry: LiveEntry): Floor {
  const change = changeOf(floor, entry);
  if (change === null) return floor;
  return {
    ...floor,
    today: change.row(floor.today),
    counters: floor.counters.map((counter) =>
      counter.counter === entry.counter
        ? { ...counter, today: change.row(counter.today), last: change.last(counter.last) }
        : counter,
    ),
  };
}

interface Change {
  row(row: ScoreRow): ScoreRow;
  last(last: readonly Last[]): Last[];
}

function changeOf(floor: Floor, entry: LiveEntry): Change | null {
  const type = withoutVersion(entry.type);
  const known = floor.counters.flatMap((counter) => counter.last).find((one) => one.service === entry.service);
  if (type === 'manyi.rating.given') return ratingChange(floor.site.profile, entry, known);
  if (type === 'manyi.service.ended') return endChange(entry, known);
  return null;
}

function ratingChange(profile: ProfileId, entry: LiveEntry, known: Last | undefined): Change | null {
  const level = entry.data['level'];
  if (typeof level !== 'string' || entry.service === null || levelIndex(profile, level) < 0) return null;
  if (known !== undefined && known.level !== null) return null;
  const unprompted = entry.data['unprompted'] === true;
  const one: Last = { service: entry.service, level, outcome: 'rated', time: entry.time, unprompted };
  const last = (before: readonly Last[]) => put(before, one);
  if (unprompted) return { row: (row) => ({ ...row, unprompted: row.unprompted + 1 }), last };
  return { row: (row) => withRating(profile, row, level, known === undefined), last };
}

function endChange(entry: LiveEntry, known: Last | undefined): Change | null {
  const outcome = outcomes.safeParse(entry.data['outcome']).data;
  if (outcome === undefined || outcome === 'rated' || entry.service === null || known !== undefined) return null;
  const one: Last = {
    service: entry.service,
    level: null,
    outcome: outcome satisfies Outcome,
    time: entry.time,
    unprompted: false,
  };
  return { row: (row) => ({ ...row, services: row.services + 1 }), last: (last) => put(last, one) };
}

function put(last: readonly Last[], one: Last): Last[] {
  return [...last.filter(({ service }) => service !== one.service), one].slice(-shownOutcomes);
}

function withRating(profile: ProfileId, row: ScoreRow, level: string, isNew: boolean): ScoreRow {
  const next = {
    ...row,
    counts: { ...row.counts, [level]: (row.counts[level] ?? 0) + 1 },
    rated: row.rated + 1,
    services: row.services + (isNew ? 1 : 0),
  };
  const counts = countsOf(profile, next);
  return {
    ...next,
    satisfactionRate: satisfactionRate(profile, counts),
    dissatisfactionRate: dissatisfactionRate(profile, counts),
    satisfactionIndex: satisfactionIndex(profile, counts),
    interval: wilsonInterval(withPolarity(profile, counts, 'good'), next.rated),
  };
}
