import { type ScoresBy, scoresBy } from '@manyi/config/api';
import { useSearchParams } from 'react-router';
import { type Range, type RangeName, rangeNames, readRange, writeRange } from '../frame/range.ts';

/** How the table may be grouped, in the order of the choice. By site it holds every site that the user may see. */
export const groupings = ['clerk', 'counter', 'site', 'day', 'hour'] as const satisfies readonly ScoresBy[];
export type By = (typeof groupings)[number];

/** What the scores are asked for. It stands in the page's address, so that a view can be kept and sent. */
export interface Choice extends Range<RangeName> {
  by: By;
}

const by = scoresBy.extract([...groupings]).catch('clerk');

/** The choice of the address, and the way to change parts of it. */
export function useChoice(zone: string): [Choice, (change: Partial<Choice>) => void] {
  const [query, setQuery] = useSearchParams();
  const choice = { ...readRange(query, rangeNames, zone), by: by.parse(query.get('by')) };
  const change = (part: Partial<Choice>) =>
    setQuery((before) => write(before, { ...choice, ...part }), { replace: true });
  return [choice, change];
}

function write(before: URLSearchParams, choice: Choice): URLSearchParams {
  const after = new URLSearchParams(before);
  writeRange(after, rangeNames, choice);
  after.set('by', choice.by);
  return after;
}
