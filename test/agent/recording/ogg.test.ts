import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mend } from '@manyi/agent/recording/clips/ogg';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { decoded, samplesIn, speech } from './booth.ts';

/** So much of it makes seven pages: two of headers, and a second of sound on each of the others. */
const samples = 70_000;

const whole = (() => {
  const form = ['--raw', '--raw-rate', '16000', '--raw-chan', '1', '--padding', '0'];
  const how = ['--quiet', '--bitrate', '8', '--speech', ...form, '-', '-'];
  return execFileSync('opusenc', how, { input: speech.subarray(0, 2 * samples) });
})();

/** Where every page begins, and where the file ends. */
const pages = (() => {
  const found: number[] = [];
  for (let at = whole.indexOf('OggS'); at >= 0; at = whole.indexOf('OggS', at + 4)) found.push(at);
  return [...found, whole.length];
})();

/** A file of these bytes. */
function file(bytes: Buffer): string {
  const path = join(temporaryFolder(), 'clip.opus');
  writeFileSync(path, bytes);
  return path;
}

test('what is whole stays as it is', async () => {
  const path = file(whole);
  expect(pages.length).toBe(8);
  expect(await mend(path)).toEqual({ bytes: whole.length, samples });
  expect(readFileSync(path).equals(whole)).toBe(true);
});

test('cut at any byte of its last two pages, it ends with its last complete page, and plays to there', async () => {
  const path = file(whole);
  const [from = 0, between = 0] = pages.slice(-3);
  const before = pages.at(-4) ?? 0;
  const kept = new Map<number, Buffer>();
  for (let length = from; length < whole.length; length += 1) {
    writeFileSync(path, whole.subarray(0, length));
    const mended = await mend(path);
    const end = length < between ? from : between;
    expect(mended).toMatchObject({ bytes: end });
    const bytes = readFileSync(path);
    expect(bytes.length).toBe(end);
    // The same whatever was left behind it.
    expect(bytes.equals(kept.get(end) ?? bytes)).toBe(true);
    if (kept.has(end)) continue;
    kept.set(end, bytes);
    expect(bytes.subarray(0, before).equals(whole.subarray(0, before))).toBe(true);
    expect(samplesIn(path)).toBe(mended?.samples);
    expect(execFileSync('opusinfo', [path], { encoding: 'utf8' })).not.toMatch(/WARNING|ERROR|hole|missing/i);
    // And once more changes nothing.
    expect(await mend(path)).toEqual(mended);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  }
  expect([...kept.keys()]).toEqual([from, between]);
});

test('what sounds before the cut is what sounded there before', async () => {
  const path = file(whole.subarray(0, (pages.at(-2) ?? 0) + 100));
  const all = decoded(file(whole));
  const mended = await mend(path);
  const left = decoded(path);
  expect(left.length).toBe(2 * (mended?.samples ?? 0));
  // The very last samples lack what comes after them.
  expect(left.subarray(0, -2_000).equals(all.subarray(0, left.length - 2_000))).toBe(true);
});

describe('a file without a whole page of sound', () => {
  const firstSound = pages[3] ?? 0;
  test.each([0, 1, 26, 27, pages[1] ?? 0, (pages[2] ?? 0) - 1, pages[2] ?? 0, firstSound - 1])(
    'cut at byte %i is nothing, and stays as it is',
    async (length) => {
      const path = file(whole.subarray(0, length));
      expect(await mend(path)).toBeNull();
      expect(readFileSync(path).length).toBe(length);
    },
  );

  test('of another kind is nothing either', async () => {
    for (const bytes of [Buffer.alloc(10_000), Buffer.from('RIFF and so on'.repeat(1_000))]) {
      expect(await mend(file(bytes))).toBeNull();
    }
  });
});

test('a flipped bit ends it before its page, and garbage behind it goes', async () => {
  const path = file(whole);
  await fc.assert(
    fc.asyncProperty(fc.nat(8 * whole.length - 1), fc.uint8Array({ maxLength: 300 }), async (bit, garbage) => {
      const bytes = Buffer.concat([whole, garbage]);
      const at = Math.floor(bit / 8);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
      writeFileSync(path, bytes);
      const mended = await mend(path);
      const end = pages.filter((begin) => begin <= at).at(-1) ?? 0;
      // Headers are two pages; the first of sound begins after them.
      if (end < (pages[3] ?? 0)) expect(mended).toBeNull();
      else expect(mended?.bytes).toBe(end);
    }),
    { numRuns: 100 },
  );
});
