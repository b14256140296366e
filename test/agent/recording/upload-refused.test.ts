import { existsSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { maxClipBytes } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { makeClip, makeNoise } from '../../hub/recordings/clips.ts';
import { openStudio, studioOfFile } from '../../hub/recordings/studio.ts';
import { eventually } from '../../support/api.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { hasCome, incomingFile, openUploading, soundOf, stateOf } from './uploading.ts';

const studio = await studioOfFile();
const terminal = await studio.terminal();

/** Resolves when the list has something in it. */
async function some(list: readonly unknown[]): Promise<void> {
  await eventually(
    async () => list.length,
    (length) => length > 0,
  );
}

test('a clip whose event is not there yet waits for it, and others go before it', async () => {
  const [early, other] = [makeClip(1), makeClip(2)];
  await terminal.tell(other);
  let go = () => {};
  const line = new Promise<void>((resolve) => {
    go = resolve;
  });
  const { kept } = await openUploading(studio, terminal, { line });
  await kept.put(early);
  await kept.put(other);
  expect(await kept.end(other)).toBe('uploaded');
  expect(kept.ends).toHaveLength(1);
  go();
  expect(await kept.end(early)).toBe('uploaded');
  expect((await soundOf(studio, early)).equals(early.bytes)).toBe(true);
});

test('a clip of which the hub has forgotten is told of once more, and arrives', async () => {
  const clip = makeClip(1);
  const { kept, mends } = await openUploading(studio, terminal, { forgotten: 1 });
  await kept.put(clip);
  expect(await kept.end(clip)).toBe('uploaded');
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
  expect(mends).toEqual([]);
});

test('a clip that the hub never comes to know is said with what to do, others go on, and it is kept until it arrives', async () => {
  const [unknown, other] = [makeClip(1), makeClip(2)];
  await terminal.tell(other);
  const { kept, mends } = await openUploading(studio, terminal, { forgotten: Number.POSITIVE_INFINITY });
  await kept.put(unknown);
  await some(mends);
  expect(mends[0]).toMatch(new RegExp(`the hub does not know it.*quarantine.*${unknown.recording}`));
  await kept.put(other);
  expect(await kept.end(other)).toBe('uploaded');
  expect(mends).not.toContain(null);
  await terminal.tell(unknown);
  expect(await kept.end(unknown)).toBe('uploaded');
  expect(mends.at(-1)).toBeNull();
});

test('a hub without room is asked again later, and nothing is lost', async () => {
  const [onItsWay, stored] = [makeClip(2), makeClip(3)];
  const folder = join(studio.folder, 'recordings', stored.recording.slice(-2));
  const full = [
    [onItsWay, incomingFile(studio, onItsWay)],
    [stored, join(folder, `${stored.recording}.clip.part`)],
  ] as const;
  const { kept, mends, warned } = await openUploading(studio, terminal);
  for (const [clip, file] of full) {
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync('/dev/full', file);
    await kept.put(clip);
    await some(warned);
    expect(warned.splice(0)).toEqual([expect.stringContaining('507')]);
    rmSync(file, { force: true });
    expect(await kept.end(clip)).toBe('uploaded');
    expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
  }
  expect(mends).toEqual([]);
});

test('clips that do not get to the hub for long, though events do, are said with what to do, until one arrives', async () => {
  const clip = makeClip(1);
  await terminal.tell(clip);
  let opened = false;
  const proxy = await startCuttingProxy(studio.url, () => (opened ? null : { up: 1 }));
  const { kept, mends, warned } = await openUploading(studio, terminal, { hubUrl: proxy.url, longMs: 100 });
  await kept.put(clip);
  await some(mends);
  expect(warned).toHaveLength(1);
  expect(mends[0]).toMatch(/recordings wait here.*MANYI_HUB_URL.*firewall/);
  opened = true;
  expect(await kept.end(clip)).toBe('uploaded');
  expect(mends.at(-1)).toBeNull();
});

test('a hub whose recordings are off gets them when they are on again, and nobody is called here', async () => {
  let hub = await openStudio();
  const sender = await hub.terminal();
  const clip = makeClip(1);
  await sender.tell(clip);
  hub = await hub.again({ keyFile: join(studio.folder, 'no-such-key'), bucket: null });
  const hubNow = () => hub.url;
  const proxy = await startCuttingProxy(hubNow, () => null);
  // Its event is there already, and this line to the broker ended with the first hub.
  const line = new Promise<void>(() => {});
  const { kept, mends, warned } = await openUploading(hub, sender, { hubUrl: proxy.url, line });
  await kept.put(clip);
  await some(warned);
  expect(warned).toEqual([expect.stringContaining('503')]);
  hub = await hub.again({ keyFile: null, bucket: null });
  expect(await kept.end(clip)).toBe('uploaded');
  expect((await soundOf(hub, clip)).equals(clip.bytes)).toBe(true);
  expect(mends).toEqual([]);
});

test('a clip that was tampered with is sent twice, then told as lost, and the next one goes on', async () => {
  const [tampered, next] = [makeNoise(2, 64), makeClip(1)];
  const other = Buffer.from(tampered.bytes);
  other[other.length - 100] = (other[other.length - 100] ?? 0) ^ 1;
  const proxy = await startCuttingProxy(studio.url, () => null);
  const { kept, mends } = await openUploading(studio, terminal, { hubUrl: proxy.url });
  await kept.put(tampered, other);
  expect(await kept.end(tampered)).toBe('refused');
  expect(mends).toEqual([expect.stringContaining('check the card')]);
  expect(proxy.sentUp()).toBeGreaterThan(2 * other.length);
  expect(proxy.sentUp()).toBeLessThan(3 * other.length);
  await eventually(
    () => stateOf(studio, tampered),
    (state) => state === 'lost',
  );
  await kept.put(next);
  expect(await kept.end(next)).toBe('uploaded');
  expect(mends).toEqual([expect.any(String), null]);
});

test('what was damaged on the way is sent anew, and arrives', async () => {
  const clip = makeNoise(2, 64);
  const { kept } = await openUploading(studio, terminal);
  mkdirSync(join(studio.folder, 'incoming'), { recursive: true });
  writeFileSync(incomingFile(studio, clip), Buffer.alloc(5000));
  await kept.put(clip);
  expect(await kept.end(clip)).toBe('uploaded');
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('a clip that was cut short on the disk, or has vanished from it, is told as lost without asking the hub', async () => {
  const [short, vanished] = [makeClip(2), makeClip(1)];
  const { kept, mends } = await openUploading(studio, terminal, { hubUrl: 'http://127.0.0.1:1' });
  await kept.put(short, short.bytes.subarray(0, 300));
  expect(await kept.end(short)).toBe('refused');
  expect(mends).toEqual([expect.stringContaining('check the card')]);
  await kept.put(vanished, null);
  expect(await kept.end(vanished)).toBe('refused');
  expect(mends).toHaveLength(1);
});

test('a clip that the hub does not want any more is let go', async () => {
  const clip = makeClip(1);
  await terminal.tell(clip);
  await studio.api.post(`/recordings/${clip.recording}/deletion`, { reason: 'wish of the customer' });
  const { kept, mends } = await openUploading(studio, terminal);
  await kept.put(clip);
  expect(await kept.end(clip)).toBe('uploaded');
  expect(mends).toEqual([]);
  expect(await stateOf(studio, clip)).toBe('deleted');
});

test('a clip larger than the hub takes is told as lost', async () => {
  const clip = makeClip(1);
  const { kept, warned } = await openUploading(studio, terminal);
  writeFileSync(kept.fileOf(clip), clip.bytes);
  truncateSync(kept.fileOf(clip), maxClipBytes + 1);
  await kept.put(clip, null, maxClipBytes + 1);
  expect(await kept.end(clip)).toBe('refused');
  expect(warned).toEqual([expect.stringContaining('larger')]);
  expect(existsSync(incomingFile(studio, clip))).toBe(false);
});

test('a credential that the hub does not know any more is said with what to do, and a new one mends it', async () => {
  const clip = makeClip(1);
  const { username } = terminal.given;
  let password = 'an old one';
  const credentials = () => ({ username, password });
  const { kept, mends } = await openUploading(studio, terminal, { credentials });
  await kept.put(clip);
  await some(mends);
  expect(mends[0]).toContain('MANYI_ENROLMENT_CODE');
  expect(existsSync(kept.fileOf(clip))).toBe(true);
  password = terminal.given.password;
  expect(await kept.end(clip)).toBe('uploaded');
  expect(mends.at(-1)).toBeNull();
});

test("another terminal's clip stays, and holds nothing up", async () => {
  const other = await studio.terminal(2);
  const [foreign, own] = [makeClip(1), makeClip(2)];
  await terminal.tell(foreign);
  const { kept, mends } = await openUploading(studio, other);
  await kept.put(foreign);
  await kept.put(own);
  expect(await kept.end(own)).toBe('uploaded');
  await some(mends);
  expect(mends).toEqual([expect.stringContaining('MANYI_HUB_URL')]);
  expect(existsSync(kept.fileOf(foreign))).toBe(true);
});

test('a clip that makes room for others in the middle is left at once', async () => {
  const [dropped, next] = [makeNoise(8, 128), makeNoise(2, 128)];
  const tight = { bytesPerSecond: 16 * 1024, budgetBytes: dropped.bytes.length + 10_000 };
  const { kept } = await openUploading(studio, terminal, tight);
  await kept.put(dropped);
  await hasCome(studio, dropped, 1000);
  await kept.put(next);
  expect(await kept.end(next)).toBe('uploaded');
  expect(kept.ends.map(({ how }) => how)).toEqual(['gone', 'uploaded']);
  await eventually(
    () => stateOf(studio, dropped),
    (state) => state === 'lost',
  );
});
