import { addDays, localDate } from '@manyi/config/zone';
import { z } from 'zod';

export const rangeNames = ['today', 'week', 'month', 'custom'] as const;
export type RangeName = (typeof rangeNames)[number];

/** Days of a site, both ends included, `YYYY-MM-DD`. */
export interface Days {
  first: string;
  last: string;
}

/** A range by its name, which is that of its days or another word for a range without bounds. */
export interface Range<Name extends string> {
  range: Name;
  days: Days;
}

const date = z.iso.date();

/** The range of an address, one of `names`: the first of them where it says none, or none that can be. */
export function readRange<Name extends string>(
  query: URLSearchParams,
  names: readonly [Name, ...Name[]],
  zone: string,
): Range<Name> {
  const range = names.find((name) => name === query.get('range')) ?? names[0];
  if (range !== 'custom') return { range, days: daysOf(range, Date.now(), zone) };
  const [first, last] = [query.get('from') ?? '', query.get('to') ?? ''];
  const isGiven = date.safeParse(first).success && date.safeParse(last).success && first <= last;
  return isGiven ? { range, days: { first, last } } : { range: names[0], days: daysOf(names[0], Date.now(), zone) };
}

/** Puts the range into an address, which says nothing of the first of `names`. Days with a name are those of the day on which it is read. */
export function writeRange<Name extends string>(
  query: URLSearchParams,
  names: readonly [Name, ...Name[]],
  { range, days }: Range<Name>,
): void {
  if (range === names[0]) query.delete('range');
  else query.set('range', range);
  for (const [name, date] of [
    ['from', days.first],
    ['to', days.last],
  ] as const) {
    if (range === 'custom') query.set(name, date);
    else query.delete(name);
  }
}

/** The days of a named range at the site's zone, today's for any other name; weeks begin on Monday. */
export function daysOf(name: string, now: number, zone: string): Days {
  const today = localDate(now, zone);
  if (name === 'month') return { first: `${today.slice(0, 7)}-01`, last: today };
  if (name !== 'week') return { first: today, last: today };
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
