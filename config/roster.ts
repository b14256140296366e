import { z } from 'zod';
import { clerkId } from './ids.ts';

/** A clerk as the counter screen shows them. `photo` is a path on the hub; `stars` are 0–5, null when none were given. */
export const rosterClerk = z.object({
  id: clerkId,
  name: z.string(),
  number: z.string(),
  stars: z.int().min(0).max(5).nullable(),
  photo: z.string().nullable(),
});
export type RosterClerk = z.infer<typeof rosterClerk>;

/** Who may serve at a site. Badges stand in it only as keyed slow hashes (see badges.ts). */
export const roster = z.object({
  version: z.string(),
  clerks: z.array(rosterClerk),
  badges: z.array(z.object({ hash: z.string(), clerk: clerkId })),
});
export type Roster = z.infer<typeof roster>;

/** The retained message that tells a site's terminals which roster holds, and where on the hub it lies. */
export const rosterNotice = z.object({ version: z.string(), href: z.string().startsWith('/') });
export type RosterNotice = z.infer<typeof rosterNotice>;
