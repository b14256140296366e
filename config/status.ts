import { z } from 'zod';
import { part } from './events.ts';
import { instant, uuid } from './ids.ts';
import { maxSequence } from './limits.ts';

/**
 * How a terminal is doing. `parts` names only what the terminal has; `false` means failed. `tested` is when a self-test that the hub
 * asked for was over: the parts stand as it found them, or as they have failed or come back since. Bytes and milliseconds.
 */
export const health = z.object({
  uptimeMs: z.number().min(0).optional(),
  residentBytes: z.number().min(0).optional(),
  freeDiskBytes: z.number().min(0).optional(),
  clockSynced: z.boolean().optional(),
  parts: z.partialRecord(part, z.boolean()).optional(),
  tested: instant.optional(),
});
export type Health = z.infer<typeof health>;

/** `first` is the oldest number the outbox still holds (or `next`), `next` the number its next event will get. */
export const onlineStatus = z.object({
  state: z.literal('online'),
  connection: uuid,
  outbox: uuid,
  first: z.int().min(1).max(maxSequence),
  next: z.int().min(1).max(maxSequence),
  agent: z.string().max(64),
  health: health.default({}),
});

/** The last will: it counts only for the latest `connection`. */
export const offlineStatus = z.object({ state: z.literal('offline'), connection: uuid });

/** What a terminal says of itself, retained, every 30 s and on change. */
export const status = z.discriminatedUnion('state', [onlineStatus, offlineStatus]);
export type Status = z.infer<typeof status>;
export type OnlineStatus = z.infer<typeof onlineStatus>;
