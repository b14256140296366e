import { samplesOf } from '@manyi/firmware/sound/format';

/** Where in what was heard something sounds, and how alike the two are there (1 is the same but for loudness). */
export interface Found {
  readonly at: number;
  readonly likeness: number;
}

/** So many samples, from the loudest place, find the place; all of them then tell the likeness. */
const keyLength = 2_000;

/** Looks for a sound of one channel in another, by correlation. Samples. */
export function find(sound: Uint8Array, heard: Uint8Array): Found {
  const [wanted, all] = [samplesOf(sound), samplesOf(heard)];
  const from = loudest(wanted);
  const key = wanted.subarray(from, from + keyLength);
  let best: Found = { at: -1, likeness: 0 };
  for (let at = Math.max(0, from); at + keyLength <= all.length; at++) {
    const likeness = alike(key, all.subarray(at, at + keyLength));
    if (likeness > best.likeness) best = { at: at - from, likeness };
  }
  const there = all.subarray(Math.max(0, best.at), best.at + wanted.length);
  return { at: best.at, likeness: best.at < 0 || there.length < wanted.length ? 0 : alike(wanted, there) };
}

function loudest(samples: Int16Array): number {
  const step = keyLength / 2;
  const powers = Array.from({ length: Math.floor(samples.length / step) - 1 }, (_, n) =>
    samples.subarray(n * step, n * step + keyLength).reduce((sum, sample) => sum + sample * sample, 0),
  );
  return powers.indexOf(Math.max(...powers)) * step;
}

/** How alike two sounds of the same length are, sample by sample: 1 is the same but for loudness, 0 has nothing in common. */
export function alike(a: Int16Array, b: Int16Array): number {
  let [both, ofA, ofB] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    const [x, y] = [a[n] ?? 0, b[n] ?? 0];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return ofA === 0 || ofB === 0 ? 0 : both / Math.sqrt(ofA * ofB);
}
