import { z } from 'zod';

/** A name chosen by an administrator for a site, counter or terminal: lower-case letters, digits and hyphens, at most 63. */
export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use 1–63 lower-case letters, digits or hyphens, not starting with a hyphen');

/** As `id`, and capitals too, because staff numbers have them. */
export const clerkId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/, 'use 1–63 letters, digits or hyphens, not starting with a hyphen');

/** Any UUID of any version; the agent itself makes version 7. */
export const uuid = z.guid();

/** What a badge reader types: 4–32 digits or letters. */
export const badgeCode = z
  .string()
  .regex(/^[0-9A-Za-z]{4,32}$/, 'use the 4–32 digits or letters that the reader types');

const earliest = Date.parse('0001-01-02T00:00:00Z');
const latest = Date.parse('9999-12-31T00:00:00Z');

/** An instant with its offset, RFC 3339, that has four digits for its year in every zone of the world. */
export const instant = z.iso.datetime({ offset: true }).refine((text) => {
  const at = Date.parse(text);
  return at >= earliest && at < latest;
}, 'lies outside the years 1 to 9999');
