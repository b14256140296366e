import { z } from 'zod';
import { purpose } from './audit.ts';
import { clerkId, id, instant, uuid } from './ids.ts';

/**
 * A frame of live sound, as it goes over a terminal's audio topic and on to a listener's WebSocket: a header of 16 bytes, big-endian, then
 * 16-bit signed little-endian samples at 16 kHz, those of two channels by turns.
 *
 * | byte | holds |
 * |---|---|
 * | 0 | 1, the version |
 * | 1 | how many channels: 1 or 2 |
 * | 2–3 | nothing yet: 0 |
 * | 4–7 | the frame's number since the listening began, from 0 |
 * | 8–15 | when its first sample was heard: epoch milliseconds by the terminal's clock |
 */
export interface AudioFrame {
  readonly channels: 1 | 2;
  readonly number: number;
  /** Epoch milliseconds. */
  readonly heardAt: number;
  readonly samples: Uint8Array;
}

const version = 1;
const headerBytes = 16;

/** Writes a frame. */
export function writeFrame({ channels, number, heardAt, samples }: AudioFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + samples.length);
  const header = new DataView(bytes.buffer);
  header.setUint8(0, version);
  header.setUint8(1, channels);
  header.setUint32(4, number);
  header.setBigUint64(8, BigInt(Math.round(heardAt)));
  bytes.set(samples, headerBytes);
  return bytes;
}

/** Reads a frame; null for anything else. */
export function readFrame(bytes: Uint8Array): AudioFrame | null {
  if (bytes.length < headerBytes) return null;
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const channels = header.getUint8(1);
  if (header.getUint8(0) !== version || (channels !== 1 && channels !== 2)) return null;
  const samples = bytes.subarray(headerBytes);
  if (samples.length % (2 * channels) !== 0) return null;
  return { channels, number: header.getUint32(4), heardAt: Number(header.getBigUint64(8)), samples };
}

/** How long a listening may last, in minutes, unless the hub's settings say otherwise. */
export const defaultListeningMinutes = 10;

/** Begins a listening. A counter's id is its site's: `site`, or the `terminal` at the counter, says which is meant. */
export const newListening = z
  .object({ counter: id, site: id.optional(), terminal: id.optional(), purpose })
  .refine(({ site, terminal }) => site !== undefined || terminal !== undefined, {
    path: ['site'],
    message: 'name the site, or the terminal at the counter',
  });
export type NewListening = z.infer<typeof newListening>;

/** One listening that goes on. It is joined by its WebSocket, and ends at `endsAt` at the latest. `clerk` is who is on duty there. */
export const listening = z.object({
  listening: uuid,
  who: z.string(),
  site: id,
  counter: id,
  terminal: id,
  clerk: clerkId.nullable(),
  purpose,
  startedAt: instant,
  endsAt: instant,
});
export type Listening = z.infer<typeof listening>;

/**
 * Why a listening ended: the listener left; the time was up; the browser went away without a word; nobody came to hear; the session
 * ended; the right to the site was lost; the listener took the sound too slowly; the terminal was taken away or moved; the hub
 * stopped; or it had stopped without a word, and noticed at its next start.
 */
export const listeningEnd = z.enum([
  'left',
  'limit',
  'went-away',
  'never-joined',
  'signed-out',
  'right-lost',
  'too-slow',
  'terminal-gone',
  'hub-stopped',
  'hub-failed',
]);
export type ListeningEnd = z.infer<typeof listeningEnd>;

/** What stands as `detail` of a `listening.end` in the audit log: `clerk-changed` is one that went on under the next entry, with another clerk. */
export const listeningEndDetail = z.enum([...listeningEnd.options, 'clerk-changed']);

/** How it stands with the sound: it is asked for; it comes; nothing comes because the terminal is away, or its microphone failed. */
export const listeningState = z.enum(['waiting', 'live', 'terminal-away', 'microphone-failed']);
export type ListeningState = z.infer<typeof listeningState>;

/** What the hub says to a listener in text messages, between the frames of sound. `others` are the users who hear the same counter. */
export const listeningMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: listeningState, others: z.array(z.string()), endsAt: instant }),
  z.object({ type: z.literal('ended'), why: listeningEnd }),
]);
export type ListeningMessage = z.infer<typeof listeningMessage>;

/** Why the hub closes a listener's WebSocket, beside the codes of RFC 6455: it has ended, or was joined anew from elsewhere. */
export const listeningClose = { ended: 1000, joinedAnew: 4001 } as const;
