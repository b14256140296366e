import { type Frame, frameBytes, framesOf, framesPerSecond, levelsOf } from '@manyi/firmware/microphone/levels';

/** What a clip's sound is like: shares and the peak of 1; null where nothing was measured. */
export interface Measured {
  readonly speechShare: number | null;
  readonly peak: number | null;
  readonly clippedShare: number | null;
}

export const unmeasured: Measured = { speechShare: null, peak: null, clippedShare: null };

/** Measures sound of any length as it passes, second by second, in memory that does not grow. */
export function createMeasure(channels: number): { hear(audio: Buffer): void; result(): Measured } {
  const unit = frameBytes(channels);
  let rest: Buffer = Buffer.alloc(0);
  let frames: Frame[] = [];
  let [count, speech, clipped, peak] = [0, 0, 0, 0];

  function add(second: readonly Frame[]): void {
    const levels = levelsOf(second);
    count += second.length;
    speech += levels.speechShare * second.length;
    clipped += levels.clippedShare * second.length;
    peak = Math.max(peak, levels.peak);
  }

  return {
    hear(audio) {
      const all = rest.length === 0 ? audio : Buffer.concat([rest, audio]);
      frames.push(...framesOf(all, channels));
      rest = Buffer.from(all.subarray(all.length - (all.length % unit)));
      for (; frames.length >= framesPerSecond; frames = frames.slice(framesPerSecond)) {
        add(frames.slice(0, framesPerSecond));
      }
    },
    result() {
      add(frames);
      frames = [];
      return count === 0 ? unmeasured : { speechShare: speech / count, peak, clippedShare: clipped / count };
    },
  };
}
