import { setImmediate } from 'node:timers/promises';
import { maxPageItems } from '@manyi/config/limits';
import type { RatingCursor, RatingFilter, RatingRecord, RatingStep } from './ratings.ts';

/** Where ratings come from, a bounded step at a time. */
export interface RatingSource {
  ratings(filter: RatingFilter, cursor: RatingCursor | null, limit: number): RatingStep;
}

/** Steps that one page may take before it is handed out as it is. */
const stepsAPage = 20;

/** A page of ratings. Between steps everybody else has a turn, so that looking for rare ones slows nobody. */
export async function takePage(
  source: RatingSource,
  filter: RatingFilter,
  cursor: RatingCursor | null,
  limit: number,
): Promise<RatingStep> {
  let step = source.ratings(filter, cursor, limit);
  const records = [...step.records];
  for (let taken = 1; step.next !== null && records.length < limit && taken < stepsAPage; taken += 1) {
    await setImmediate();
    step = source.ratings(filter, step.next, limit - records.length);
    records.push(...step.records);
  }
  return { records, next: step.next };
}

/** Every rating from the cursor on, at most `limit` where one is given, read as it is taken. */
export async function* wholeList(
  source: RatingSource,
  filter: RatingFilter,
  cursor: RatingCursor | null,
  limit: number | null,
): AsyncGenerator<RatingRecord> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let at: RatingCursor | null = cursor;
  do {
    const step: RatingStep = source.ratings(filter, at, Math.min(maxPageItems, left));
    yield* step.records;
    left -= step.records.length;
    at = step.next;
    await setImmediate();
  } while (at !== null && left > 0);
}
