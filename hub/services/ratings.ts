import type { Rating } from '@manyi/config/api';
import { toRfc3339 } from '@manyi/config/zone';

/** Which ratings are asked for. `sites` null means every site; `from` is included, `to` excluded (epoch milliseconds). */
export interface RatingFilter {
  readonly sites: readonly string[] | null;
  readonly clerk: string | null;
  readonly counter: string | null;
  readonly level: string | null;
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * Where a page ends. Without a window ratings come newest first by their place in the ledger, and `at` is null; within a window
 * (`from` or `to`) newest first by time, ties by place. Both keys never change, so pages neither repeat nor skip what was there.
 */
export interface RatingCursor {
  readonly at: number | null;
  readonly position: number;
}

/** A rating as it is stored; `at` is the time that it is counted at. */
export interface RatingRecord {
  readonly position: number;
  readonly service: string;
  readonly time: number;
  readonly at: number;
  readonly site: string;
  readonly counter: string;
  readonly clerk: string;
  readonly level: string;
  readonly unprompted: number;
  readonly set_aside: number;
}

/** Some ratings, and where to go on; null at the end. Fewer than asked for does not mean the end: rare ones are looked for in steps. */
export interface RatingStep {
  readonly records: readonly RatingRecord[];
  readonly next: RatingCursor | null;
}

/** Whether the filter asks for a stretch of time, and so for the order of time. */
export function isWindowed(filter: RatingFilter): boolean {
  return filter.from !== null || filter.to !== null;
}

/** The cursor as text for `next` and `cursor`. */
export function writeCursor(cursor: RatingCursor): string {
  return cursor.at === null ? String(cursor.position) : `${cursor.at}.${cursor.position}`;
}

/** Reads a cursor that was written for a filter of the same kind; null for anything else. */
export function readCursor(text: string, windowed: boolean): RatingCursor | null {
  const match = /^(?:(-?\d{1,16})\.)?(\d{1,16})$/.exec(text);
  if (match === null || (match[1] !== undefined) !== windowed) return null;
  return { at: match[1] === undefined ? null : Number(match[1]), position: Number(match[2]) };
}

/** A stored rating as the outside sees it, its time in the site's zone; `recorded` are the services of which a recording is stored. */
export function toRating(
  record: RatingRecord,
  zones: ReadonlyMap<string, string>,
  recorded: ReadonlySet<string>,
): Rating {
  return {
    position: record.position,
    service: record.service,
    time: toRfc3339(record.time, zones.get(record.site) ?? 'UTC'),
    site: record.site,
    counter: record.counter || null,
    clerk: record.clerk || null,
    level: record.level,
    unprompted: record.unprompted === 1,
    setAside: record.set_aside === 1,
    recorded: recorded.has(record.service),
  };
}

/** The columns of a table of ratings. */
export const ratingColumns = [
  'position',
  'service',
  'time',
  'site',
  'counter',
  'clerk',
  'level',
  'unprompted',
  'setAside',
] as const satisfies readonly (keyof Rating)[];
