import { type ScoresBy, scoresBy } from '@manyi/config/api';
import { useSearchParams } from 'react-router';
import { z } from 'zod';
import { type Days, daysOf, type RangeName, rangeNames } from './range.ts';

/** How the table may be grouped, in the order of the choice. By site it holds every site that the user may see. */
export const groupings = ['clerk', 'counter', 'site', 'day', 'hour'] as const satisfies readonly ScoresBy[];
export type By = (typeof groupings)[number];

/** What the scores are asked for. It stands in the page's address, so that a view can be kept and sent. */
export interface Choice {
  range: RangeName;
  days: Days;
  by: By;
}

const by = scoresBy.extract([...groupings]).catch('clerk');
const range = z.enum(rangeNames).catch('today');
const date = z.iso.date();

/** The choice of the address, and the way to change parts of it. */
export function useChoice(zone: string): [Choice, (change: Partial<Choice>) => void] {
  const [query, setQuery] = useSearchParams();
  const name = range.parse(query.get('range') ?? 'today');
  const given = { first: query.get('from'), last: query.get('to') };
  const days = isDays(given) ? given : null;
  const choice: Choice = {
    range: name === 'custom' && days === null ? 'today' : name,
    days: name === 'custom' ? (days ?? daysOf('today', Date.now(), zone)) : daysOf(name, Date.now(), zone),
    by: by.parse(query.get('by') ?? 'clerk'),
  };
  const change = (part: Partial<Choice>) =>
    setQuery((before) => write(before, { ...choice, ...part }), { replace: true });
  return [choice, change];
}

function isDays(given: { first: string | null; last: string | null }): given is Days {
  const { first, last } = given;
  return date.safeParse(first).success && date.safeParse(last).success && (first ?? '') <= (last ?? '');
}

function write(before: URLSearchParams, choice: Choice): URLSearchParams {
  const after = new URLSearchParams(before);
  after.set('range', choice.range);
  after.set('by', choice.by);
  for (const [name, value] of [
    ['from', choice.days.first],
    ['to', choice.days.last],
  ] as const) {
    if (choice.range === 'custom') after.set(name, value);
    else after.delete(name);
  }
  return after;
}
