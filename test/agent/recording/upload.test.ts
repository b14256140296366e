import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeClip, makeNoise } from '../../hub/recordings/clips.ts';
import { openStudio, studioOfFile } from '../../hub/recordings/studio.ts';
import { eventually } from '../../support/api.ts';
import { type Cut, startCuttingProxy } from '../../support/cutting-proxy.ts';
import { fast, hasCome, incomingFile, openUploading, soundOf, stateOf } from './uploading.ts';

const studio = await studioOfFile();
const terminal = await studio.terminal();

test('clips arrive, one after the other, the oldest first, and are not kept any longer', async () => {
  const clips = [makeClip(1), makeNoise(2, 64), makeClip(2)];
  const { kept } = await openUploading(studio, terminal);
  for (const clip of clips) await kept.put(clip);
  for (const clip of clips) {
    expect(await kept.end(clip)).toBe('uploaded');
    expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
    expect(existsSync(kept.fileOf(clip))).toBe(false);
  }
  expect(kept.ends.map(({ recording }) => recording)).toEqual(clips.map(({ recording }) => recording));
});

/** Where the line is cut: the first connections, until one may live. */
const cutPoints: Record<string, (connection: number) => Cut | null> = {
  'in the heads of its requests': (number) => (number < 24 ? { up: 30 * number + 1 } : null),
  'in the heads of its requests, and reset': (number) => (number < 24 ? { up: 30 * number + 1, reset: true } : null),
  'before and within every answer': (number) => (number < 60 ? { down: number * 11 } : null),
  'in the clip': (number) => (number < 40 ? { up: 900 + ((number * 397) % 3000), reset: number % 3 === 0 } : null),
};

test.each(Object.entries(cutPoints))('a line that is cut %s changes nothing', async (_where, cutOf) => {
  const clip = makeNoise(6, 64);
  const proxy = await startCuttingProxy(studio.url, cutOf);
  const { kept } = await openUploading(studio, terminal, { hubUrl: proxy.url });
  await kept.put(clip);
  expect(await kept.end(clip)).toBe('uploaded');
  expect(proxy.cuts()).toBeGreaterThan(2);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('a line that never lives long brings a clip all the same, because each goes on where the one before was cut', async () => {
  const clip = makeNoise(16, 128);
  const each = 60_000;
  const proxy = await startCuttingProxy(studio.url, () => ({ up: each }));
  const { kept } = await openUploading(studio, terminal, { hubUrl: proxy.url });
  await kept.put(clip);
  expect(await kept.end(clip)).toBe('uploaded');
  expect(clip.bytes.length).toBeGreaterThan(4 * each);
  expect(proxy.cuts()).toBeGreaterThanOrEqual(4);
  // What had left the terminal and was lost with its line is sent again, and no more than that.
  expect(proxy.sentUp()).toBeLessThan(2 * clip.bytes.length);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('a line that dies without a word is left for another', async () => {
  const clip = makeNoise(6, 64);
  const proxy = await startCuttingProxy(studio.url, (number) => (number === 0 ? { up: 9000, stall: true } : null));
  const { kept } = await openUploading(studio, terminal, { hubUrl: proxy.url, patienceMs: 200 });
  await kept.put(clip);
  expect(await kept.end(clip)).toBe('uploaded');
  expect(proxy.cuts()).toBeGreaterThan(0);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('an answer that dies without a word is asked for again', async () => {
  const clip = makeNoise(2, 64);
  const proxy = await startCuttingProxy(studio.url, (number) =>
    number < 4 ? { down: 80 * number, stall: true } : null,
  );
  const { kept } = await openUploading(studio, terminal, { hubUrl: proxy.url, patienceMs: 200 });
  await kept.put(clip);
  expect(await kept.end(clip)).toBe('uploaded');
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('an uploader that stops lets go at once, and the next goes on at the byte where it was', async () => {
  const clip = makeNoise(8, 128);
  const proxy = await startCuttingProxy(studio.url, () => null);
  const slow = { hubUrl: proxy.url, bytesPerSecond: 64 * 1024 };
  const { kept, uploader, again } = await openUploading(studio, terminal, slow);
  await kept.put(clip);
  await hasCome(studio, clip, 30_000);
  await uploader.close();
  expect(kept.ends).toEqual([]);
  expect(kept.factsOf(clip).uploadUrl).toContain(clip.recording);
  again({ bytesPerSecond: fast });
  expect(await kept.end(clip)).toBe('uploaded');
  expect(proxy.sentUp()).toBeLessThan(clip.bytes.length + 20_000);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('a line that is dead keeps no uploader from stopping', async () => {
  const clip = makeNoise(6, 64);
  const proxy = await startCuttingProxy(studio.url, () => ({ up: 9000, stall: true }));
  const patient = { hubUrl: proxy.url, patienceMs: 10 * 60_000 };
  const { kept, uploader } = await openUploading(studio, terminal, patient);
  await kept.put(clip);
  await hasCome(studio, clip, 5000);
  await uploader.close();
  expect(kept.ends).toEqual([]);
});

test('a hub that is started anew in the middle gets the rest', async () => {
  let hub = await openStudio();
  const sender = await hub.terminal();
  const clip = makeNoise(8, 128);
  const hubNow = () => hub.url;
  const proxy = await startCuttingProxy(hubNow, () => null);
  const { kept } = await openUploading(hub, sender, { hubUrl: proxy.url, bytesPerSecond: 64 * 1024 });
  await kept.put(clip);
  await hasCome(hub, clip, 30_000);
  hub = await hub.again();
  expect(existsSync(incomingFile(hub, clip))).toBe(true);
  expect(await kept.end(clip)).toBe('uploaded');
  expect(proxy.sentUp()).toBeLessThan(clip.bytes.length + 64 * 1024);
  expect((await soundOf(hub, clip)).equals(clip.bytes)).toBe(true);
});

test('two uploads of one clip at once become one', async () => {
  const clip = makeNoise(4, 128);
  const both = [await openUploading(studio, terminal), await openUploading(studio, terminal)];
  await Promise.all(both.map(({ kept }) => kept.put(clip)));
  for (const { kept } of both) expect(await kept.end(clip)).toBe('uploaded');
  expect(await stateOf(studio, clip)).toBe('stored');
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('no byte goes while events wait, not even in the middle of a clip', async () => {
  const clip = makeNoise(8, 128);
  let waiting = false;
  let asked = 0;
  const eventsWait = () => {
    asked += 1;
    return waiting;
  };
  const proxy = await startCuttingProxy(studio.url, () => null);
  const parts = { hubUrl: proxy.url, bytesPerSecond: 256 * 1024, eventsWait };
  const { kept } = await openUploading(studio, terminal, parts);
  await kept.put(clip);
  await hasCome(studio, clip, 30_000);
  waiting = true;
  const asksAgain = async () => {
    const before = asked;
    await eventually(
      async () => asked,
      (count) => count > before + 2,
    );
  };
  await asksAgain();
  const held = proxy.sentUp();
  await asksAgain();
  expect(proxy.sentUp()).toBe(held);
  expect(held).toBeLessThan(clip.bytes.length);
  waiting = false;
  expect(await kept.end(clip)).toBe('uploaded');
});

test('a clip takes no more of the line than it may', async () => {
  const clip = makeNoise(6, 128);
  const perSecond = 96 * 1024;
  const { kept } = await openUploading(studio, terminal, { bytesPerSecond: perSecond });
  const begun = performance.now();
  await kept.put(clip);
  expect(await kept.end(clip)).toBe('uploaded');
  // The last step, of 16 KiB, need not be waited for; timers may be a millisecond early.
  const leastMs = ((clip.bytes.length - 16 * 1024) / perSecond) * 1000;
  expect(performance.now() - begun).toBeGreaterThan(leastMs - 10);
});
