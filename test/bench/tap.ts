import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { bytesPerSample, samplesOf, samplesPerSecond } from '@manyi/firmware/sound/format';
import { alike, find } from '../firmware/likeness.ts';

/** A card whose sound is written down as ALSA hands it to the recorder, in the recorder's own process: the recorder cannot lose any of it unseen. */
export interface Tap {
  /** For `MANYI_MICROPHONE_DEVICE`. */
  readonly device: string;
  readonly environment: Readonly<Record<string, string>>;
  /** How many samples it has written down; it is half a second late. */
  samples(): number;
  /**
   * By how much its samples are ahead of this machine's monotonic clock, in milliseconds of the clock, where `speed` seconds of them come in
   * one: only the difference between two such leads means anything. It watches for so long and takes the most: what a busy machine
   * writes down late is behind, never ahead, and so is no part of it.
   */
  lead(forMs: number, speed: number): Promise<number>;
  readonly file: string;
}

/** Puts it before a card of a sound server. A recorder that is begun anew begins the file anew, and then nothing of before is found in it. */
export function tap(folder: string, card: string, environment: Readonly<Record<string, string>>): Tap {
  const [device, file, alsa] = ['tapped', join(folder, 'given.raw'), join(folder, 'asound.conf')];
  const names = `pcm.${device} { type file slave.pcm "${card}-heard" file "${file}" format "raw" }`;
  const samples = () => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) / bytesPerSample;
  writeFileSync(alsa, `<${environment['ALSA_CONFIG_PATH']}>\n${names}\n`);
  return {
    device,
    file,
    environment: { ...environment, ALSA_CONFIG_PATH: alsa },
    samples,
    async lead(forMs, speed) {
      const until = performance.now() + forMs;
      let most = Number.NEGATIVE_INFINITY;
      for (let now = performance.now(); now < until; now = performance.now()) {
        most = Math.max(most, (samples() / samplesPerSecond / speed) * 1000 - now);
        await wait(lookEveryMs);
      }
      return most;
    },
  };
}

const lookEveryMs = 2;

/** What became of what a recorder was given. All in samples. */
export interface Compared {
  /** Of all clips together, as a decoder gives them. */
  readonly count: number;
  /** Those between the first and the last of them that are in no clip; below 0 when clips have more than there was. */
  readonly missing: number;
  /** How like the least like passage of the clips is to what was given at its place: 1 is the same, 0 also what sounds where silence was given. */
  readonly leastLikeness: number;
}

/** So much is looked at at once. */
const stretch = 5 * samplesPerSecond;
/** A place is looked for so far around where it should be. */
const around = 3 * samplesPerSecond;
/** Nothing but the noise of rounding is below this, and a stretch in which somebody speaks for more than a second above that. */
const [silent, spoken] = [10, 800];
/** When a sound breaks off, a coder goes on for some hundredths of a second: in a stretch that is less. */
const ringing = 100;
/** And no longer than this. Samples. */
const longestRinging = samplesPerSecond / 10;
/** What Opus leaves of speech is more like it. */
export const leastLike = 0.85;

/**
 * Compares clips, in their order, with what the recorder was given: each stretch must be where the one before says that it is. `begun` is
 * about where the first clip begins in it.
 */
export async function compare(clips: readonly string[], given: Tap, begun: number, folder: string): Promise<Compared> {
  const file = join(folder, 'decoded.raw');
  for (const clip of clips) await decode(clip, file);
  const count = statSync(file).size / bytesPerSample;
  const [kept, all] = [openSync(file, 'r'), openSync(given.file, 'r')];
  const placeOf = (from: number, expected: number): number => {
    const first = Math.max(0, expected - around);
    const found = find(read(kept, from, stretch), read(all, first, stretch + 2 * around));
    return found.likeness < leastLike ? Number.NaN : first + found.at;
  };
  const starts = Array.from({ length: Math.floor(count / stretch) }, (_, number) => number * stretch);
  const loudnessAt = (sound: number, from: number) => loudness(samplesOf(read(sound, from, stretch)));
  const isSpoken = (from: number) => loudnessAt(kept, from) >= spoken;
  const first = starts.find(isSpoken);
  const last = starts.map((from) => count - stretch - from).find(isSpoken);
  if (first === undefined || last === undefined) throw new Error('nobody is heard in the clips');
  const offset = placeOf(first, begun + first) - first;
  if (Number.isNaN(offset)) throw new Error('what the clips begin with was never given to the recorder');
  const loudnesses = starts.map((from) => loudnessAt(all, from + offset));
  const likenesses = passagesOf(loudnesses).map(({ from, to }) => {
    const had = samplesOf(read(all, from + offset, to - from));
    return alike(withoutRinging(samplesOf(read(kept, from, to - from)), had), had);
  });
  const isNoisy = starts.some((from, n) => (loudnesses[n] ?? 0) < silent && loudnessAt(kept, from) >= ringing);
  const missing = placeOf(last, last + offset) - (last + offset);
  closeSync(kept);
  closeSync(all);
  return { count, missing, leastLikeness: isNoisy ? 0 : Math.min(...likenesses) };
}

/**
 * The passages that are judged, of sound whose stretches are so loud. Of the first tenth of a word alone, or of its last, Opus keeps little that
 * is like it, however well it keeps the whole: a stretch with no more than that is one passage with those around it.
 */
function passagesOf(loudnesses: readonly number[]): { readonly from: number; readonly to: number }[] {
  const passages: { from: number; to: number }[] = [];
  let [from, power] = [0, 0];
  for (const [number, loud] of loudnesses.entries()) {
    power += loud ** 2;
    if (power < spoken ** 2) continue;
    const to = (number + 1) * stretch;
    passages.push({ from, to });
    [from, power] = [to, 0];
  }
  const last = passages.at(-1);
  if (last !== undefined) last.to = loudnesses.length * stretch;
  return passages;
}

/**
 * What is kept, without what rings where the sound that was given breaks off into nothing. A sound server that comes too late cuts a loud wave so,
 * and once in hours Opus makes a crack at full scale of that.
 */
function withoutRinging(kept: Int16Array, given: Int16Array): Int16Array {
  let quiet = 0;
  return kept.map((sample, n) => {
    quiet = Math.abs(given[n] ?? 0) > silent ? 0 : quiet + 1;
    return quiet > 0 && quiet <= longestRinging ? 0 : sample;
  });
}

/** The root of the mean square of its samples. */
function loudness(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** Adds the samples of a clip to a file. */
async function decode(clip: string, to: string): Promise<void> {
  const file = openSync(to, 'a');
  const child = spawn('opusdec', ['--quiet', '--rate', String(samplesPerSecond), clip, '-'], {
    stdio: ['ignore', file, 'inherit'],
  });
  const [code] = await once(child, 'close');
  closeSync(file);
  if (code !== 0) throw new Error(`opusdec ended with ${code}`);
}

function read(file: number, from: number, count: number): Buffer {
  const bytes = Buffer.alloc(bytesPerSample * count);
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, bytesPerSample * from));
}
