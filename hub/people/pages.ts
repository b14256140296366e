import { maxPageItems } from '@manyi/config/limits';
import { z } from 'zod';
import { invalid } from '../errors.ts';

/** The query of a list: `cursor` is the `next` of the page before. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(maxPageItems).default(200),
  cursor: z.string().max(200).optional(),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** The sites that a list is about: null for all. */
export type Scope = readonly string[] | null;

/** A page of rows that were asked for one beyond the limit, in the order of `keyOf`, which is the cursor. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  keyOf: (row: T) => string,
): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? keyOf(last) : null };
}

/** Where a list goes on that is read from the newest number down: below this one. Throws 400 for what is not the `next` of such a page. */
export function belowOf(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (!/^\d{1,15}$/.test(cursor)) throw invalid('querystring.cursor', 'is not the `next` of a page');
  return Number(cursor);
}
