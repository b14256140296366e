import type { EventData } from '@manyi/config/events';
import { polarity } from '@manyi/config/levels';
import { clipType, lostWhy, recordingPolicy } from '@manyi/config/recordings';
import { z } from 'zod';

const share = z.number().min(0).max(1).nullable();

/**
 * What is known of a clip, in the file beside its sound. Instants are epoch milliseconds by the agent's own time; what only the end of the
 * recording tells is 0, '' or null until then.
 *
 * `recording`: it is being recorded, or was when the terminal failed; `waiting`: finished, and perhaps not to be kept; `announced`: the hub
 * has been told of it; `lost`: it is gone, and the hub is yet to be told.
 */
export const facts = z.object({
  shape: z.literal(1),
  recording: z.uuid(),
  state: z.enum(['recording', 'waiting', 'announced', 'lost']),
  service: z.string().nullable(),
  duty: z.string().nullable(),
  clerk: z.string().nullable(),
  counter: z.string().nullable(),
  startedAt: z.number(),
  durationMs: z.int().min(0),
  pressedAtMs: z.int().nullable(),
  bytes: z.int().min(0),
  sha256: z.string(),
  speechShare: share,
  peak: share,
  clippedShare: share,
  repaired: z.boolean(),
  keep: recordingPolicy.shape.keep.unwrap(),
  rated: z.enum([...polarity.options, 'unknown']).nullable(),
  closes: z.number().nullable(),
  uploadUrl: z.string().nullable(),
  why: lostWhy.nullable(),
  /** Whom it was recorded for, see home.ts; null where nobody was enrolled, or in files from before that was written down. */
  home: z.string().nullable().default(null),
});
export type Facts = z.infer<typeof facts>;

type Told<T extends 'manyi.recording.made.v1' | 'manyi.recording.lost.v1'> = Omit<
  EventData<T>,
  'outbox' | 'seq' | 'clock'
>;

/** What the hub is told of a finished clip. `writeInstant` writes an instant as RFC 3339. */
export function madeOf(clip: Facts, writeInstant: (at: number) => string): Told<'manyi.recording.made.v1'> {
  const { recording, service, duty, clerk, counter, durationMs, bytes, sha256, repaired } = clip;
  const { speechShare, peak, clippedShare } = clip;
  // What the recorder has learnt of the press since the end was written down is not checked yet.
  const pressedAtMs = pressWithin(clip.pressedAtMs, durationMs);
  return {
    ...{ service, duty, clerk, counter, recording },
    startedAt: writeInstant(clip.startedAt),
    ...{ durationMs, bytes, sha256, mediaType: clipType, pressedAtMs, speechShare, peak, clippedShare, repaired },
  };
}

/** What the hub is told of a clip that is gone. */
export function lostOf(clip: Facts, writeInstant: (at: number) => string): Told<'manyi.recording.lost.v1'> {
  const { service, duty, clerk, counter, recording, why } = clip;
  return {
    ...{ service, duty, clerk, counter, recording },
    startedAt: clip.startedAt === 0 ? null : writeInstant(clip.startedAt),
    durationMs: clip.durationMs === 0 ? null : clip.durationMs,
    why: why ?? 'unreadable',
  };
}

/** A press counts where it lies within the clip. Milliseconds. */
export function pressWithin(pressedAtMs: number | null, durationMs: number): number | null {
  return pressedAtMs !== null && pressedAtMs >= 0 && pressedAtMs <= durationMs ? pressedAtMs : null;
}
