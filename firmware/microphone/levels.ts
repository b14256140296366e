import { bytesPerSample, samplesOf, samplesPerSecond } from '../sound/format.ts';

/** What sound is like, so that a recording can be judged, and a level bar drawn, without anybody hearing it. */
export interface Levels {
  /** How long it is. Milliseconds. */
  readonly ms: number;
  /** Its mean power, in dB below a full-scale square wave (dBFS): −96 is silence, speech at a counter −45 … −20. */
  readonly level: number;
  /** Its highest sample, 0 … 1: 1 is full scale. */
  readonly peak: number;
  /** The share of samples that the converter could not reach, 0 … 1: above a thousandth speech is distorted. */
  readonly clippedShare: number;
  /** The share of its time in which there is speech, 0 … 1: an estimate, see `speechIn`. */
  readonly speechShare: number;
}

/** A fiftieth of a second. `power` is the mean square and `peak` the highest of its samples, both of 1 at full scale. */
export interface Frame {
  readonly power: number;
  readonly peak: number;
  readonly clippedShare: number;
}

export const framesPerSecond = 50;
const samplesPerFrame = samplesPerSecond / framesPerSecond;
const fullScale = 32_768;
const silence = -96;

/** How many bytes make a frame of so many channels. */
export function frameBytes(channels: number): number {
  return bytesPerSample * channels * samplesPerFrame;
}

/** The whole frames of sound; what is left over at its end is not looked at. */
export function framesOf(audio: Uint8Array, channels: number): Frame[] {
  const samples = samplesOf(audio);
  const length = channels * samplesPerFrame;
  return Array.from({ length: Math.floor(samples.length / length) }, (_, n) =>
    frameOf(samples.subarray(n * length, (n + 1) * length)),
  );
}

function frameOf(samples: Int16Array): Frame {
  let [squares, peak, clipped] = [0, 0, 0];
  for (const sample of samples) {
    squares += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
    if (sample === fullScale - 1 || sample === -fullScale) clipped += 1;
  }
  return {
    power: squares / samples.length / fullScale ** 2,
    peak: peak / fullScale,
    clippedShare: clipped / samples.length,
  };
}

/** What frames of sound are like together. */
export function levelsOf(frames: readonly Frame[]): Levels {
  const mean = (of: (frame: Frame) => number) =>
    frames.reduce((sum, frame) => sum + of(frame), 0) / (frames.length || 1);
  return {
    ms: (frames.length * 1000) / framesPerSecond,
    level: decibels(mean((frame) => frame.power)),
    peak: frames.reduce((highest, frame) => Math.max(highest, frame.peak), 0),
    clippedShare: mean((frame) => frame.clippedShare),
    speechShare: speechIn(frames) / (frames.length || 1),
  };
}

function decibels(power: number): number {
  return Math.max(silence, 10 * Math.log10(power));
}

/** Speech is at least so loud (dBFS), and so much louder (dB) than the quietest tenth of its second. */
const quietest = -55;
const aboveFloor = 6;
/** So many frames in a row: shorter are knocks and keys. */
const shortestRun = 3;
/** Speech changes from frame to frame by so many dB in the mean; hum, tones and fans do not. */
const unrest = 1;

/**
 * How many of the frames have speech in them, by what tells it from hum, fans, tones and knocks: it is louder than what is
 * around it, lasts longer than a knock, and is never steady. Music is taken for speech. Looked at second by second.
 */
export function speechIn(frames: readonly Frame[]): number {
  let count = 0;
  for (let at = 0; at < frames.length; at += framesPerSecond) {
    count += speechInSecond(frames.slice(at, at + framesPerSecond).map((frame) => decibels(frame.power)));
  }
  return count;
}

function speechInSecond(levels: readonly number[]): number {
  const floor = [...levels].sort((a, b) => a - b)[Math.floor(levels.length / 10)] ?? silence;
  const runs = runsAbove(Math.max(quietest, floor + aboveFloor), levels).filter((run) => run.length >= shortestRun);
  // The first and last of a run are cut by the frame's edge: they change even where the sound does not.
  const changes = runs.flatMap((run) => run.slice(2, -1).map((level, n) => Math.abs(level - (run[n + 1] ?? level))));
  const meanChange = changes.reduce((sum, change) => sum + change, 0) / (changes.length || 1);
  return meanChange < unrest ? 0 : runs.reduce((sum, run) => sum + run.length, 0);
}

function runsAbove(threshold: number, levels: readonly number[]): number[][] {
  const runs: number[][] = [[]];
  for (const level of levels) {
    if (level > threshold) runs.at(-1)?.push(level);
    else if (runs.at(-1)?.length !== 0) runs.push([]);
  }
  return runs;
}
