import { z } from 'zod';
import { clerkId, id, instant, uuid } from './ids.ts';

/**
 * One ledger entry on the live stream; its `position` is the id of the server-sent event.
 * `data` is the entry's data as it stands in the ledger.
 */
export const liveEntry = z.object({
  position: z.int(),
  type: z.string(),
  time: instant,
  site: id.nullable(),
  counter: id.nullable(),
  terminal: id.nullable(),
  clerk: clerkId.nullable(),
  service: uuid.nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type LiveEntry = z.infer<typeof liveEntry>;

/** Whether a terminal can be heard; `unknown` after a start of the hub until it is. Sent as the named event `presence`, without an id. */
export const livePresence = z.object({
  site: id,
  terminal: id,
  counter: id.nullable(),
  state: z.enum(['online', 'offline', 'unknown']),
  since: instant,
  unsent: z.int().nullable(),
});
export type LivePresence = z.infer<typeof livePresence>;
