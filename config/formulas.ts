import type { Polarity } from './levels.ts';
import { type ProfileId, profiles } from './profiles.ts';

/**
 * The formulas of a score. Counts stand in the order of the profile's levels, best first.
 * Every rate over nothing is null, never 0 or 1: silence is not an opinion.
 */

/** Prior ratings that a clerk's rate is shrunk by, towards the mean of the site. */
export const priorRatings = 20;

/** Below this many ratings a clerk is not ranked. */
export const enoughRatings = 10;

/** `part / whole`, or null when there is nothing to divide by. */
export function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** The sum of all counts. */
export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** How many of the counts lie on levels of this polarity. */
export function withPolarity(profile: ProfileId, counts: readonly number[], polarity: Polarity): number {
  return profiles[profile].levels.reduce(
    (sum, level, index) => (level.polarity === polarity ? sum + (counts[index] ?? 0) : sum),
    0,
  );
}

/** 满意率: good / all. */
export function satisfactionRate(profile: ProfileId, counts: readonly number[]): number | null {
  return rate(withPolarity(profile, counts, 'good'), total(counts));
}

/** 差评率: bad / all. */
export function dissatisfactionRate(profile: ProfileId, counts: readonly number[]): number | null {
  return rate(withPolarity(profile, counts, 'bad'), total(counts));
}

/** 满意度指数: the mean weight of the ratings, 0–100. */
export function satisfactionIndex(profile: ProfileId, counts: readonly number[]): number | null {
  const weighted = profiles[profile].levels.reduce((sum, level, index) => sum + level.weight * (counts[index] ?? 0), 0);
  return rate(weighted, total(counts));
}

/** The mean of the ratings when the worst level is one point and each better one a point more. */
export function meanPoints(counts: readonly number[]): number | null {
  const points = counts.reduce((sum, count, index) => sum + count * (counts.length - index), 0);
  return rate(points, total(counts));
}

/**
 * The Wilson score interval of `good` out of `all` at 95 %
 * (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927).
 */
export function wilsonInterval(good: number, all: number): [number, number] | null {
  if (all === 0) return null;
  const z = 1.959964;
  const p = good / all;
  const denominator = 1 + (z * z) / all;
  const centre = (p + (z * z) / (2 * all)) / denominator;
  const half = (z / denominator) * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** A rate drawn towards the site's mean by `priorRatings`, so that three happy customers do not beat three hundred. */
export function shrunkRate(good: number, all: number, siteRate: number | null): number | null {
  if (siteRate === null) return null;
  return (good + priorRatings * siteRate) / (all + priorRatings);
}
