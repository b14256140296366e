import type { ScoreRow, ScoresBy } from '@manyi/config/api';
import {
  dissatisfactionRate,
  enoughRatings,
  rate,
  satisfactionIndex,
  satisfactionRate,
  shrunkRate,
  total,
  wilsonInterval,
  withPolarity,
} from '@manyi/config/formulas';
import { type ProfileId, profileIds, profiles } from '@manyi/config/profiles';
import type { SiteMode } from '@manyi/config/terminal-settings';
import type { CountName } from '../tallies/tally.ts';

/** What was counted for one key at one site. `counts` stand in the order of the profile's levels. */
export interface Counted {
  readonly counts: readonly number[];
  readonly rated: number;
  readonly services: number;
  readonly unprompted: number;
  readonly opportunities: number;
  readonly answered: number;
  readonly notInvited: number;
}

/** A site as scores see it. */
export interface ScoredSite {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly mode: SiteMode;
  readonly profile: ProfileId;
}

/** Figures of a key (a clerk, a counter, an hour …) at a site, on their way into a row. */
export interface Figures {
  readonly site: ScoredSite;
  readonly key: string;
  readonly counted: Counted;
}

/** What rows go by: their key, the same for figures that belong together, and their name. */
export interface RowNames {
  keyOf(figures: Figures): string;
  nameOf(figures: Figures): string;
}

/** Nothing counted. */
export const nothing: Counted = {
  counts: [],
  rated: 0,
  services: 0,
  unprompted: 0,
  opportunities: 0,
  answered: 0,
  notInvited: 0,
};

/** The columns of a tally that scores read, in the order of `countedFrom`. */
export const countColumns = [
  'rated',
  'services',
  'unprompted',
  'opportunities',
  'answered',
  'not_invited',
  'level_1',
  'level_2',
  'level_3',
  'level_4',
  'level_5',
] as const satisfies readonly CountName[];

/** What was counted, from the sums of `countColumns`. */
export function countedFrom(sums: readonly number[]): Counted {
  const [rated = 0, services = 0, unprompted = 0, opportunities = 0, answered = 0, notInvited = 0, ...counts] = sums;
  return { counts, rated, services, unprompted, opportunities, answered, notInvited };
}

/** Two counts together. */
export function plus(one: Counted, other: Counted): Counted {
  const length = Math.max(one.counts.length, other.counts.length);
  return {
    counts: Array.from({ length }, (_, index) => (one.counts[index] ?? 0) + (other.counts[index] ?? 0)),
    rated: one.rated + other.rated,
    services: one.services + other.services,
    unprompted: one.unprompted + other.unprompted,
    opportunities: one.opportunities + other.opportunities,
    answered: one.answered + other.answered,
    notInvited: one.notInvited + other.notInvited,
  };
}

/** Whether anything was counted. */
export function isSomething(counted: Counted): boolean {
  return counted.services > 0 || counted.unprompted > 0;
}

/**
 * The profile of an answer: the one of the sites in question; where they differ, that of most, and of these the first that
 * this version knows. An answer holds only what was rated by its profile, because levels of two profiles do not add up.
 */
export function profileOf(sites: readonly ScoredSite[]): ProfileId {
  const votes = (profile: ProfileId) => sites.filter((site) => site.profile === profile).length;
  return profileIds.reduce((best, profile) => (votes(profile) > votes(best) ? profile : best));
}

/** The satisfaction rate of each site, for `shrunkRate` to draw towards. */
export function meansOf(profile: ProfileId, figures: Iterable<Figures>): Map<string, number | null> {
  const sums = new Map<string, number[]>();
  for (const { site, counted } of figures) {
    const sum = sums.get(site.id) ?? [];
    sums.set(site.id, sum);
    counted.counts.forEach((count, index) => {
      sum[index] = (sum[index] ?? 0) + count;
    });
  }
  return new Map([...sums].map(([site, counts]) => [site, satisfactionRate(profile, counts)]));
}

/**
 * Rows by key, in the order of the keys. Figures of one key at several sites become one row, whose rate is drawn towards the
 * means of these sites, each by its share of the row's ratings.
 */
export function rowsOf(
  profile: ProfileId,
  figures: readonly Figures[],
  means: ReadonlyMap<string, number | null>,
  names: RowNames,
): ScoreRow[] {
  const byKey = new Map<string, Figures[]>();
  for (const figure of figures) {
    const key = names.keyOf(figure);
    const together = byKey.get(key);
    if (together === undefined) byKey.set(key, [figure]);
    else together.push(figure);
  }
  const rows = [...byKey.values()].map((parts) => rowOf(profile, parts, means, names));
  return rows.sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** One row from the figures of one key. */
function rowOf(
  profile: ProfileId,
  parts: readonly Figures[],
  means: ReadonlyMap<string, number | null>,
  names: RowNames,
): ScoreRow {
  const [first] = parts;
  if (first === undefined) throw new Error('a row needs figures');
  const sum = parts.length === 1 ? first.counted : parts.reduce((all, part) => plus(all, part.counted), nothing);
  const { levels } = profiles[profile];
  const counts = levels.map((_, index) => sum.counts[index] ?? 0);
  const all = total(counts);
  const good = withPolarity(profile, counts, 'good');
  const called = sum.opportunities > 0 || parts.every((part) => part.site.mode === 'called');
  return {
    key: names.keyOf(first),
    name: names.nameOf(first),
    counts: Object.fromEntries(levels.map((level, index) => [level.name, counts[index] ?? 0])),
    rated: sum.rated,
    services: sum.services,
    unprompted: sum.unprompted,
    satisfactionRate: satisfactionRate(profile, counts),
    dissatisfactionRate: dissatisfactionRate(profile, counts),
    participationRate: called ? rate(sum.answered, sum.opportunities) : null,
    participationSource: called ? 'called' : 'unknown',
    satisfactionIndex: satisfactionIndex(profile, counts),
    interval: wilsonInterval(good, all),
    shrunkRate: shrunkRate(good, all, meanOf(parts, means)),
    notInvitedRate: rate(sum.notInvited, sum.services),
    rank: null,
  };
}

/** The mean that a row is drawn towards: of its site, or of its sites by their share of the ratings. */
function meanOf(parts: readonly Figures[], means: ReadonlyMap<string, number | null>): number | null {
  const known = parts.flatMap((part) => {
    const mean = means.get(part.site.id) ?? null;
    return mean === null ? [] : [{ mean, weight: total(part.counted.counts) }];
  });
  const weight = known.reduce((sum, part) => sum + part.weight, 0);
  if (weight === 0) return known[0]?.mean ?? null;
  return known.reduce((sum, part) => sum + part.mean * part.weight, 0) / weight;
}

/** Whether rows of this grouping are ranked: hours and days do not compete. */
export function isRanked(by: ScoresBy): boolean {
  return by === 'clerk' || by === 'counter' || by === 'site';
}

/** Gives places by the shrunk rate to the rows with enough ratings; equals share a place. The others stay unranked. */
export function rank(rows: readonly ScoreRow[]): void {
  const rankable = rows.filter((row) => row.shrunkRate !== null && row.rated >= enoughRatings);
  rankable.sort((one, other) => (other.shrunkRate ?? 0) - (one.shrunkRate ?? 0));
  let place = 0;
  let last: number | null = null;
  for (const [index, row] of rankable.entries()) {
    if (row.shrunkRate !== last) place = index + 1;
    row.rank = place;
    last = row.shrunkRate;
  }
}
