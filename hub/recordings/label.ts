import { id, uuid } from '@manyi/config/ids';
import { z } from 'zod';
import type { ToldRecord } from './recording.ts';

const share = z.number().nullable();

/** Whose clip it is and what is known of it, as it is sealed with its sound: for when the database has lost its row. */
const label = z.object({
  site: id,
  terminal: id,
  counter: id.nullable(),
  clerk: z.string(),
  service: uuid.nullable(),
  started: z.int(),
  durationMs: z.int(),
  pressedAtMs: z.int().nullable(),
  bytes: z.int(),
  sha256: z.string(),
  speechShare: share,
  peak: share,
  clippedShare: share,
  repaired: z.int(),
});
export type Label = z.infer<typeof label>;

export function writeLabel(record: ToldRecord): Buffer {
  return Buffer.from(JSON.stringify(label.parse(record)));
}

/** Reads what `writeLabel` wrote; null for anything else. */
export function parseLabel(text: Buffer): Label | null {
  try {
    return label.safeParse(JSON.parse(text.toString())).data ?? null;
  } catch {
    return null;
  }
}
