import { ffmpeg, limitOf } from './ffmpeg.ts';

/** One stretch of the outline, in milliseconds, where the clip is not too long for that. */
const stretchMs = 100;
const mostStretches = 2000;
const samplesPerMs = 8;

/** The outline of a clip: the highest level of each of equal stretches of its time, 0–255. */
export async function peaksOf(source: AsyncIterable<Buffer>, durationMs: number, signal: AbortSignal): Promise<Buffer> {
  const stretches = Math.min(mostStretches, Math.max(1, Math.ceil(durationMs / stretchMs)));
  const outline = createOutline(stretches, Math.max(1, Math.ceil((durationMs * samplesPerMs) / stretches)));
  const args = ['-f', 's16le', '-ac', '1', '-ar', String(samplesPerMs * 1000), 'pipe:1'];
  await ffmpeg({ source, args, take: outline.take, limitMs: limitOf(durationMs), signal });
  return outline.peaks;
}

function createOutline(stretches: number, samplesEach: number): { readonly peaks: Buffer; take(chunk: Buffer): void } {
  const peaks = Buffer.alloc(stretches);
  let rest = Buffer.alloc(0);
  let sample = 0;
  return {
    peaks,
    take(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const even = bytes.length - (bytes.length % 2);
      for (let at = 0; at < even; at += 2) {
        const level = Math.min(255, Math.abs(bytes.readInt16LE(at)) >> 7);
        const stretch = Math.min(stretches - 1, Math.floor(sample / samplesEach));
        if (level > (peaks[stretch] ?? 0)) peaks[stretch] = level;
        sample += 1;
      }
      rest = Buffer.from(bytes.subarray(even));
    },
  };
}
