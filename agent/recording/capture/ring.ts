import { bytesPerSample, samplesPerSecond } from '@manyi/firmware/sound/format';
import { createSampleClock, type SampleClock } from './sample-clock.ts';

/**
 * The last seconds of what the microphone hears, in memory. Samples are numbered from 0 through all of the ring's life; one sample is one
 * of every channel. Where the sound broke off a new run begins: numbers go on, time does not. Instants are epoch milliseconds by the
 * agent's own time.
 */
export interface Ring {
  readonly channels: number;
  /** Takes in whole samples that have come at an instant. */
  hear(audio: Buffer, at: number): void;
  /** What comes from now on does not join what came before. */
  breakOff(): void;
  /** The oldest sample that is still held, and the number after the newest. */
  begin(): number;
  end(): number;
  /** Where the run of a sample ends; null while it goes on. */
  runEnd(sample: number): number | null;
  /** A copy of the samples from one number up to another, as far as they are there, of one run and of one piece. */
  read(from: number, to: number): Buffer;
  /**
   * The sample heard at an instant: perhaps one that is yet to come; between two runs the first of the later, before all of them their
   * first. Null before anything was heard.
   */
  sampleAt(instant: number): number | null;
  /** When a sample was heard; null before anything was. */
  heardAt(sample: number): number | null;
  /** Resolves when there is something new: sound, a break, or `wake`. */
  news(): Promise<void>;
  wake(): void;
}

interface Run {
  readonly first: number;
  readonly clock: SampleClock;
}

/** A coder is given so much at once: a quarter of a second, and four when it has fallen behind. Samples. */
const pieceSamples = 4 * samplesPerSecond;

export function createRing(channels: number, seconds: number): Ring {
  const unit = bytesPerSample * channels;
  const capacity = Math.ceil(seconds * samplesPerSecond);
  const held = Buffer.alloc(capacity * unit);
  let end = 0;
  let runs: Run[] = [];
  let broken = true;
  let tell: () => void = () => {};
  let told = new Promise<void>((resolve) => {
    tell = resolve;
  });

  const begin = () => Math.max(runs[0]?.first ?? 0, end - capacity);
  const runOf = (sample: number) => runs.findLast(({ first }) => first <= sample) ?? runs[0];

  function wake(): void {
    tell();
    told = new Promise((resolve) => {
      tell = resolve;
    });
  }

  /** Writes behind what is there, and over the oldest. */
  function append(audio: Buffer): void {
    for (let done = 0; done < audio.length; ) {
      const at = (end % capacity) * unit;
      const part = audio.copy(held, at, done, Math.min(audio.length, done + held.length - at));
      done += part;
      end += part / unit;
    }
  }

  return {
    channels,
    begin,
    end: () => end,
    hear(audio, at) {
      if (broken) runs.push({ first: end, clock: createSampleClock() });
      broken = false;
      append(audio);
      const run = runs.at(-1);
      run?.clock.come(end - run.first, at);
      runs = runs.filter((_, n) => (runs[n + 1]?.first ?? end) > end - capacity);
      wake();
    },
    breakOff() {
      broken = true;
      wake();
    },
    runEnd(sample) {
      const later = runs.find(({ first }) => first > sample);
      return later?.first ?? (broken ? end : null);
    },
    read(from, to) {
      const later = runs.find(({ first }) => first > from);
      const last = Math.min(to, later?.first ?? end, from + pieceSamples);
      if (from < begin() || last <= from) return Buffer.alloc(0);
      const [at, wanted] = [(from % capacity) * unit, (last - from) * unit];
      const straight = held.subarray(at, at + wanted);
      return Buffer.concat([straight, held.subarray(0, wanted - straight.length)]);
    },
    sampleAt(instant) {
      let found: number | null = null;
      for (const [n, { first, clock }] of runs.entries()) {
        const sample = clock.sampleAt(instant);
        if (sample === null || (sample < 0 && found !== null)) break;
        found = Math.min(first + Math.max(0, sample), runs[n + 1]?.first ?? Number.POSITIVE_INFINITY);
      }
      return found;
    },
    heardAt(sample) {
      const run = runOf(sample);
      return run?.clock.heardAt(sample - run.first) ?? null;
    },
    news: () => told,
    wake,
  };
}
