import { z } from 'zod';
import { instant, uuid } from './ids.ts';
import { maxSequence } from './limits.ts';

/** Which boot of the machine an event happened in, how long after its start, and whether the clock was right. */
export const bootClock = z.object({ boot: uuid, uptimeMs: z.number().min(0), synced: z.boolean() });
export type BootClock = z.infer<typeof bootClock>;

/** The fields that every event's data has: its place in the terminal's outbox. `seq` counts 1, 2, 3 … */
export const outboxFields = {
  outbox: uuid,
  seq: z.int().min(1).max(maxSequence),
  clock: bootClock.nullish(),
};

/** JSON as the type of the data, with any parameters such as `charset=utf-8`; type and subtype in any case (RFC 2045, section 5.1). */
const jsonType = /^application\/json\s*(;.*)?$/i;

/**
 * The CloudEvents 1.0 structured envelope (https://github.com/cloudevents/spec, "JSON Event Format") without its data.
 * `sequence` repeats `seq` in sixteen digits for tools that sort text.
 */
export const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(128),
  source: z.string().min(1).max(256),
  type: z.string().min(1).max(128),
  time: instant.nullish(),
  datacontenttype: z.string().max(256).regex(jsonType, 'must be application/json').nullish(),
  sequence: z.string().max(32).nullish(),
});
export type Envelope = z.infer<typeof envelope>;

/** `/sites/{site}/terminals/{terminal}` */
export function eventSource(site: string, terminal: string): string {
  return `/sites/${site}/terminals/${terminal}`;
}

/** `seq` as sixteen digits. */
export function eventSequence(seq: number): string {
  return String(seq).padStart(16, '0');
}
