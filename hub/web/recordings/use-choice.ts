import { type RecordingState, recordingState, type WithOrWithout, withOrWithout } from '@manyi/config/recordings';
import { useSearchParams } from 'react-router';
import { z } from 'zod';
import { boundsOf, rangeNames as dayRanges, type Range, readRange, writeRange } from '../frame/range.ts';
import type { Query } from '../http/client.ts';

export const rangeNames = ['all', ...dayRanges] as const;
export type RangeName = (typeof rangeNames)[number];

const minute = 60_000;

/** Lengths to choose from: at least, and at most, in milliseconds. */
export const lengths = {
  'to-1': [null, minute],
  '1-to-5': [minute, 5 * minute],
  '5-to-15': [5 * minute, 15 * minute],
  'from-15': [15 * minute, null],
} as const;
export type Length = keyof typeof lengths;
export const lengthNames = Object.keys(lengths) as Length[];

/** Which recordings are looked for; null is any. It stands in the page's address, so that a view can be kept and sent. */
export interface Choice extends Range<RangeName> {
  clerk: string | null;
  counter: string | null;
  level: string | null;
  length: Length | null;
  state: RecordingState | null;
  /** Whether the service has a case. */
  case: WithOrWithout | null;
  /** The day from which on the hub was told of a fault, or found it. */
  told: string | null;
}

const told = z.iso.date().nullable().catch(null);
const length = z.enum(lengthNames).nullable().catch(null);
const state = recordingState.nullable().catch(null);
const cases = withOrWithout.nullable().catch(null);

/** The choice of the address, and the way to change parts of it. */
export function useChoice(zone: string): [Choice, (change: Partial<Choice>) => void] {
  const [query, setQuery] = useSearchParams();
  const choice = readChoice(query, zone);
  const change = (part: Partial<Choice>) =>
    setQuery((before) => write(before, { ...readChoice(before, zone), ...part }), { replace: true });
  return [choice, change];
}

function readChoice(query: URLSearchParams, zone: string): Choice {
  return {
    ...readRange(query, rangeNames, zone),
    clerk: query.get('clerk'),
    counter: query.get('counter'),
    level: query.get('level'),
    length: length.parse(query.get('length')),
    state: state.parse(query.get('state')),
    case: cases.parse(query.get('case')),
    told: told.parse(query.get('told')),
  };
}

function write(before: URLSearchParams, { range, days, ...others }: Choice): URLSearchParams {
  const after = new URLSearchParams(before);
  const put = (key: string, value: string | null) => (value === null ? after.delete(key) : after.set(key, value));
  writeRange(after, rangeNames, { range, days });
  for (const [key, value] of Object.entries(others)) put(key, value);
  return after;
}

/** Whether anything is left out. */
export function isNarrow({ range, days: _, ...others }: Choice): boolean {
  return range !== 'all' || Object.values(others).some((one) => one !== null);
}

/** The choice as the hub is asked for it. */
export function filterOf({ range, days, length: long, told: faultFrom, ...others }: Choice): Query {
  const [leastMs, mostMs] = long === null ? [null, null] : lengths[long];
  const { from, to } = range === 'all' ? { from: null, to: null } : boundsOf(days);
  return { ...others, leastMs, mostMs, from, to, faultFrom };
}
