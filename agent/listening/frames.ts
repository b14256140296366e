import { bytesPerSample, samplesPerSecond } from '@manyi/firmware/sound/format';

/** A piece of sound that is sent at once. */
export interface Piece {
  /** Whole samples of all channels. */
  readonly samples: Buffer;
  /** Epoch milliseconds of its first sample. */
  readonly heardAt: number;
}

/** What a recorder gives at a time, an eighth of a second, is one frame: waiting until it fits another length would only be late. */
const leastMs = 100;
const mostMs = 200;

/** Cuts sound, however it comes, into frames of about a tenth of a second. */
export interface Cutter {
  /** Takes sound whose last sample was heard `at`; gives the frames that it completes. */
  cut(audio: Buffer, at: number): Piece[];
  /** Forgets what has not become a frame: what comes next does not join it. */
  clear(): void;
}

export function createCutter(channels: number): Cutter {
  const unit = bytesPerSample * channels;
  const bytesPerMs = (unit * samplesPerSecond) / 1000;
  let waiting: Buffer[] = [];
  let bytes = 0;

  function clear(): void {
    waiting = [];
    bytes = 0;
  }

  return {
    cut(audio, at) {
      waiting.push(audio);
      bytes += audio.length;
      if (bytes < leastMs * bytesPerMs) return [];
      const all = Buffer.concat(waiting);
      clear();
      const begun = at - all.length / bytesPerMs;
      const count = Math.ceil(all.length / (mostMs * bytesPerMs));
      // Equal ones: a short frame at the end would be one more for nothing.
      const length = Math.ceil(all.length / unit / count) * unit;
      return Array.from({ length: count }, (_, index) => ({
        samples: all.subarray(index * length, (index + 1) * length),
        heardAt: begun + (index * length) / bytesPerMs,
      }));
    },
    clear,
  };
}
