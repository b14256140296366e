import { crc32 } from 'node:zlib';

/** What an event holds before it gets its number and its time. */
export interface Recorded {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A stored body with its check sum, so that a flipped bit on a worn card is noticed. */
export interface Body {
  readonly bytes: Buffer;
  readonly sum: number;
}

/** Writes an event as the bytes that are stored. */
export function writeBody(event: Recorded): Body {
  const bytes = Buffer.from(JSON.stringify(event));
  return { bytes, sum: crc32(bytes) };
}

/** Reads stored bytes back; null when they are not what was written. */
export function readBody(body: Body): Recorded | null {
  if (!Buffer.isBuffer(body.bytes) || crc32(body.bytes) !== body.sum) return null;
  try {
    return JSON.parse(body.bytes.toString()) as Recorded;
  } catch {
    return null;
  }
}

/** The most that a void carries of what it replaces, so that it stays an event within the limit. */
const maxVoidedBytes = 40 * 1024;

/** The event that takes the number of one that cannot be delivered, with its bytes. */
export function voidOf(bytes: Buffer | null, why: 'unreadable' | 'unreceipted', id: string): Recorded {
  const kept = Buffer.isBuffer(bytes) ? bytes.subarray(0, maxVoidedBytes).toString('base64') : null;
  return { id, type: 'manyi.outbox.voided.v1', data: { why, bytes: kept } };
}
