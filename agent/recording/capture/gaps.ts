import { bytesPerSample, samplesPerSecond } from '@manyi/firmware/sound/format';
import type { Need } from '../shared-part.ts';

/** Counts gaps in the sound, and tells of them without telling of each. */
export interface Gaps {
  /** Sound was lost: at least so many milliseconds, null where nobody knows. */
  gap(atLeastMs: number | null): void;
  heard(audio: Buffer): void;
  /** Nobody wants to hear it any more. */
  forget(): void;
}

/** After so much sound without a gap all is well. */
const wellSeconds = 60;

/** They are told at the first gap and whenever there are twice as many: a machine that is too slow has no time for more. */
export function createGaps(channels: number, whole: Need): Gaps {
  let [count, ms, since] = [0, 0, 0];

  function forget(): void {
    if (count > 0) whole.works();
    [count, ms, since] = [0, 0, 0];
  }

  return {
    gap(atLeastMs) {
      count += 1;
      ms += atLeastMs ?? 0;
      since = 0;
      if (Number.isInteger(Math.log2(count))) whole.failed(gapLine(count, ms));
    },
    heard(audio) {
      since += audio.length / (bytesPerSample * channels);
      if (since >= wellSeconds * samplesPerSecond) forget();
    },
    forget,
  };
}

function gapLine(count: number, ms: number): string {
  const times = count === 1 ? 'once' : `${count} times`;
  const lost = ms > 0 ? ` (at least ${(ms / 1000).toFixed(1)} s)` : '';
  return `sound was lost ${times}${lost} before it came here: see what keeps this machine busy (top), or plug the microphone in anew`;
}
