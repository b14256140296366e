import { addDays, localDate } from '@manyi/config/zone';

export const rangeNames = ['today', 'week', 'month', 'custom'] as const;
export type RangeName = (typeof rangeNames)[number];

/** Days of a site, both ends included, `YYYY-MM-DD`. */
export interface Days {
  first: string;
  last: string;
}

/** The days of a named range at the site's zone; weeks begin on Monday. */
export function daysOf(name: Exclude<RangeName, 'custom'>, now: number, zone: string): Days {
  const today = localDate(now, zone);
  if (name === 'today') return { first: today, last: today };
  if (name === 'month') return { first: `${today.slice(0, 7)}-01`, last: today };
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
  return { first: addDays(today, -weekday), last: today };
}

/** The bounds of a score query: `from` included, `to` excluded. */
export function boundsOf({ first, last }: Days): { from: string; to: string } {
  return { from: first, to: addDays(last, 1) };
}

/** How many days lie in the range. */
export function lengthOf({ first, last }: Days): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1;
}
