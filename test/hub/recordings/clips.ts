import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A clip as a terminal holds it: real Ogg Opus, made by opusenc. */
export interface Clip {
  readonly recording: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly durationMs: number;
}

const rate = 16_000;

/** Speaks of nothing: a tone in its first half, then silence. `kbits` makes it larger. */
export function makeClip(seconds = 2, kbits = 24): Clip {
  const samples = Buffer.alloc(seconds * rate * 2);
  for (let at = 0; at < (seconds * rate) / 2; at++) {
    samples.writeInt16LE(Math.round(20_000 * Math.sin((at / rate) * 2 * Math.PI * 440)), at * 2);
  }
  return encode(samples, seconds, ['--bitrate', String(kbits)]);
}

/** Noise, which cannot be made small: about `kbits` thousand bits for every second. */
export function makeNoise(seconds: number, kbits: number): Clip {
  const samples = randomBytes(seconds * rate * 2);
  return encode(samples, seconds, ['--hard-cbr', '--bitrate', String(kbits)]);
}

function encode(samples: Buffer, seconds: number, how: readonly string[]): Clip {
  const raw = ['--quiet', '--raw', '--raw-rate', String(rate), '--raw-chan', '1'];
  const bytes = execFileSync('opusenc', [...raw, ...how, '-', '-'], { input: samples, maxBuffer: 64 * 1024 * 1024 });
  return clipOf(bytes, Math.round(seconds * 1000));
}

/** What was said, as one channel of 16-bit samples at 16 kHz. */
export function clipOfSpeech(samples: Buffer): Clip {
  return encode(samples, samples.length / 2 / rate, ['--bitrate', '24', '--speech']);
}

/** The bytes as a clip of its own. */
export function clipOf(bytes: Buffer, durationMs: number): Clip {
  return { recording: randomUUID(), bytes, sha256: createHash('sha256').update(bytes).digest('hex'), durationMs };
}
