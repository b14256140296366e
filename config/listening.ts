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
