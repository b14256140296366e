import { existsSync, mkdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '@manyi/agent/log';
import { createUploader, type Uploader, type UploaderParts } from '@manyi/agent/recording/upload';
import { maxClipBytes, type Recording } from '@manyi/config/recordings';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Clip, makeClip, makeNoise } from '../../hub/recordings/clips.ts';
import { openStudio, type Studio, type Teller } from '../../hub/recordings/studio.ts';
import { eventually } from '../../support/api.ts';
import { type Cut, startCuttingProxy } from '../../support/cutting-proxy.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { openShelf, type Shelf } from './shelf.ts';

let studio: Studio;
let terminal: Teller;
const ends: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  studio = await openStudio({ onEnd: (end) => ends.unshift(end) });
  terminal = await studio.terminal();
});
afterAll(async () => {
  for (const end of ends) await end();
});

const fast = 64 * 1024 * 1024;

interface Bench {
  readonly shelf: Shelf;
  readonly uploader: Uploader;
  /** What somebody was told to mend, and `null` when it was. */
  readonly told: (string | null)[];
  /** What stands in the log. */
  readonly warned: string[];
  /** Another uploader of the same clips, as after a restart. */
  again(parts?: Partial<UploaderParts>): Uploader;
}

/** An uploader of a terminal's clips; it ends with the test. */
function openBench(parts: Partial<UploaderParts> = {}, { given } = terminal): Bench {
  const shelf = openShelf(temporaryFolder());
  const told: (string | null)[] = [];
  const warned: string[] = [];
  const again = (more: Partial<UploaderParts> = {}) => {
    const uploader = createUploader({
      clips: shelf,
      hubUrl: studio.url,
      credentials: () => given,
      eventsWait: () => false,
      bytesPerSecond: fast,
      onFailed: (cause) => told.push(cause),
      onRestored: () => told.push(null),
      log: { ...createLog('silent'), warn: (line) => warned.push(line) },
      shortestPauseMs: 5,
      longestPauseMs: 20,
      ...parts,
      ...more,
    });
    onTestFinished(() => uploader.close());
    return uploader;
  };
  return { shelf, told, warned, again, uploader: again() };
}

async function stateOf({ api }: Studio, { recording }: Clip): Promise<string> {
  return (await api.get<Recording>(`/recordings/${recording}`)).state;
}

async function soundOf(at: Studio, { recording }: Clip): Promise<Buffer> {
  const answer = await at.ask(`/recordings/${recording}/audio?purpose=test`);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Resolves when the hub holds some bytes of a clip. */
async function hasCome({ folder }: Studio, { recording }: Clip, bytes: number): Promise<void> {
  const file = join(folder, 'incoming', `${recording}.part`);
  await eventually(
    async () => (existsSync(file) ? statSync(file).size : 0),
    (size) => size > bytes,
  );
}

async function told(clip: Clip, at = terminal): Promise<Clip> {
  await at.tell(clip);
  return clip;
}

test('clips arrive, one after the other, the oldest first', async () => {
  const clips = [await told(makeClip(1)), await told(makeNoise(2, 64)), await told(makeClip(2))];
  const { shelf } = openBench();
  for (const clip of clips) shelf.put(clip);
  for (const clip of clips) {
    expect(await shelf.end(clip)).toBe('uploaded');
    expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
    expect(existsSync(shelf.fileOf(clip))).toBe(false);
  }
  expect(shelf.ends.map(([recording]) => recording)).toEqual(clips.map(({ recording }) => recording));
});

/** Where a line is cut: the first connections within the requests' heads, the others within their answers, or within the clip. */
const cutPoints: Record<string, (connection: number) => Cut | null> = {
  'in the heads of its requests': (number) => (number < 24 ? { up: 30 * number + 1 } : null),
  'in the heads of its requests, and reset': (number) => (number < 24 ? { up: 30 * number + 1, reset: true } : null),
  'before and within every answer': (number) => (number < 60 ? { down: number * 11 } : null),
  'in the clip': (number) => (number < 40 ? { up: 900 + ((number * 397) % 3000), reset: number % 3 === 0 } : null),
};

test.each(Object.entries(cutPoints))('a line that is cut %s changes nothing', async (_where, cutOf) => {
  const clip = await told(makeNoise(6, 64));
  const proxy = await startCuttingProxy(studio.url, cutOf);
  const { shelf } = openBench({ hubUrl: proxy.url });
  shelf.put(clip);
  expect(await shelf.end(clip)).toBe('uploaded');
  expect(proxy.cuts()).toBeGreaterThan(2);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('a line that never lives long brings a clip all the same, because each goes on where the one before was cut', async () => {
  const clip = await told(makeNoise(16, 128));
  const each = 60_000;
  const proxy = await startCuttingProxy(studio.url, () => ({ up: each }));
  const { shelf } = openBench({ hubUrl: proxy.url });
  shelf.put(clip);
  expect(await shelf.end(clip)).toBe('uploaded');
  expect(clip.bytes.length).toBeGreaterThan(4 * each);
  expect(proxy.cuts()).toBeGreaterThanOrEqual(4);
  // What had left the terminal and was lost with its line is sent again, and no more than that.
  expect(proxy.sentUp()).toBeLessThan(2 * clip.bytes.length);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('a line that dies without a word is left for another', async () => {
  const clip = await told(makeNoise(6, 64));
  const proxy = await startCuttingProxy(studio.url, (number) => (number === 0 ? { up: 9000, stall: true } : null));
  const { shelf } = openBench({ hubUrl: proxy.url, patienceMs: 200 });
  shelf.put(clip);
  expect(await shelf.end(clip)).toBe('uploaded');
  expect(proxy.cuts()).toBeGreaterThan(0);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('an answer that dies without a word is asked for again', async () => {
  const clip = await told(makeNoise(2, 64));
  const proxy = await startCuttingProxy(studio.url, (number) =>
    number < 4 ? { down: 80 * number, stall: true } : null,
  );
  const { shelf } = openBench({ hubUrl: proxy.url, patienceMs: 200 });
  shelf.put(clip);
  expect(await shelf.end(clip)).toBe('uploaded');
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('an uploader that stops lets go at once, and the next goes on at the byte where it was', async () => {
  const clip = await told(makeNoise(8, 128));
  const proxy = await startCuttingProxy(studio.url, () => null);
  const { shelf, uploader, again } = openBench({ hubUrl: proxy.url, bytesPerSecond: 64 * 1024 });
  shelf.put(clip);
  await hasCome(studio, clip, 30_000);
  await uploader.close();
  expect(shelf.ends).toEqual([]);
  expect(shelf.urlOf(clip)).toContain(clip.recording);
  again({ bytesPerSecond: fast });
  expect(await shelf.end(clip)).toBe('uploaded');
  expect(proxy.sentUp()).toBeLessThan(clip.bytes.length + 20_000);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('two uploaders of one clip bring it once', async () => {
  const clip = await told(makeNoise(4, 128));
  const benches = [openBench(), openBench(), openBench()];
  for (const { shelf } of benches) shelf.put(clip);
  for (const { shelf } of benches) expect(await shelf.end(clip)).toBe('uploaded');
  expect(await stateOf(studio, clip)).toBe('stored');
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('a hub that is started anew in the middle gets the rest', async () => {
  let hub = await openStudio();
  const sender = await hub.terminal();
  const clip = await told(makeNoise(8, 128), sender);
  const proxy = await startCuttingProxy(
    () => hub.url,
    () => null,
  );
  const { shelf } = openBench({ hubUrl: proxy.url, bytesPerSecond: 96 * 1024 }, sender);
  shelf.put(clip);
  await hasCome(hub, clip, 30_000);
  hub = await hub.again();
  expect(await shelf.end(clip)).toBe('uploaded');
  expect(proxy.sentUp()).toBeLessThan(clip.bytes.length + 64 * 1024);
  expect((await soundOf(hub, clip)).equals(clip.bytes)).toBe(true);
});

test('a clip whose event is not there yet waits for it, and others go before it', async () => {
  const [early, other] = [makeClip(1), await told(makeClip(2))];
  const { shelf } = openBench();
  shelf.put(early);
  shelf.put(other);
  expect(await shelf.end(other)).toBe('uploaded');
  await told(early);
  expect(await shelf.end(early)).toBe('uploaded');
  expect((await soundOf(studio, early)).equals(early.bytes)).toBe(true);
});

test('a hub without room is asked again later, and nothing is lost', async () => {
  const [onItsWay, kept] = [await told(makeClip(2)), await told(makeClip(3))];
  const incoming = join(studio.folder, 'incoming');
  mkdirSync(incoming, { recursive: true });
  const fullOnItsWay = join(incoming, `${onItsWay.recording}.part`);
  const folder = join(studio.folder, 'recordings', kept.recording.slice(-2));
  const fullWhereKept = join(folder, `${kept.recording}.clip.part`);
  mkdirSync(folder, { recursive: true });
  const { shelf, told: mends, warned } = openBench();
  for (const [clip, full] of [
    [onItsWay, fullOnItsWay],
    [kept, fullWhereKept],
  ] as const) {
    symlinkSync('/dev/full', full);
    shelf.put(clip);
    await eventually(
      async () => warned.length,
      (count) => count > 0,
    );
    expect(warned.splice(0)).toEqual([expect.stringContaining('507')]);
    rmSync(full, { force: true });
    expect(await shelf.end(clip)).toBe('uploaded');
    expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
  }
  expect(mends).toEqual([]);
});

test('a clip that was tampered with is sent twice, then told as refused, and the next one goes on', async () => {
  const [tampered, next] = [await told(makeNoise(2, 64)), await told(makeClip(1))];
  const other = Buffer.from(tampered.bytes);
  other[other.length - 100] = (other[other.length - 100] ?? 0) ^ 1;
  const proxy = await startCuttingProxy(studio.url, () => null);
  const { shelf, told: mends } = openBench({ hubUrl: proxy.url });
  shelf.put(tampered, other);
  expect(await shelf.end(tampered)).toBe('refused');
  expect(mends).toEqual([expect.stringContaining('check the card')]);
  expect(proxy.sentUp()).toBeGreaterThan(2 * other.length);
  expect(proxy.sentUp()).toBeLessThan(3 * other.length);
  expect(await stateOf(studio, tampered)).toBe('announced');
  shelf.put(next);
  expect(await shelf.end(next)).toBe('uploaded');
  expect(mends).toEqual([expect.any(String), null]);
});

test('what came damaged over the line is sent anew, and arrives', async () => {
  const clip = await told(makeNoise(2, 64));
  const { shelf } = openBench();
  const wrong = join(studio.folder, 'incoming', `${clip.recording}.part`);
  mkdirSync(join(studio.folder, 'incoming'), { recursive: true });
  writeFileSync(wrong, Buffer.alloc(5000));
  shelf.put(clip);
  expect(await shelf.end(clip)).toBe('uploaded');
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('a clip that was cut short on the disk, or has vanished from it, is told as refused without a word to the hub', async () => {
  const [short, lost] = [await told(makeClip(2)), await told(makeClip(1))];
  const nowhere = 'http://127.0.0.1:1';
  const { shelf, told: mends } = openBench({ hubUrl: nowhere });
  shelf.put(short, short.bytes.subarray(0, 300));
  expect(await shelf.end(short)).toBe('refused');
  expect(mends).toEqual([expect.stringContaining('check the card')]);
  shelf.put(lost);
  rmSync(shelf.fileOf(lost));
  expect(await shelf.end(lost)).toBe('refused');
});

test('a clip that the hub does not want any more is let go', async () => {
  const clip = await told(makeClip(1));
  await studio.api.call('DELETE', `/recordings/${clip.recording}?reason=wish%20of%20the%20customer`);
  const { shelf, told: mends } = openBench();
  shelf.put(clip);
  expect(await shelf.end(clip)).toBe('uploaded');
  expect(mends).toEqual([]);
  expect(await stateOf(studio, clip)).toBe('deleted');
});

test('a clip larger than the hub takes is told as refused', async () => {
  const clip = makeClip(1);
  const { shelf } = openBench();
  const bytes = maxClipBytes + 1;
  await terminal.tell(clip, { data: { bytes } });
  shelf.put(clip, clip.bytes, bytes);
  truncateSync(shelf.fileOf(clip), bytes);
  expect(await shelf.end(clip)).toBe('refused');
  expect(existsSync(join(studio.folder, 'incoming', `${clip.recording}.part`))).toBe(false);
});

test('a credential that the hub does not know any more is said with what to do, and a new one mends it', async () => {
  const clip = await told(makeClip(1));
  let { username, password } = { ...terminal.given, password: 'an old one' };
  const { shelf, told: mends } = openBench({ credentials: () => ({ username, password }) });
  shelf.put(clip);
  await eventually(
    async () => mends.length,
    (count) => count > 0,
  );
  expect(mends[0]).toContain('MANYI_ENROLMENT_CODE');
  expect(existsSync(shelf.fileOf(clip))).toBe(true);
  ({ username, password } = terminal.given);
  expect(await shelf.end(clip)).toBe('uploaded');
  expect(mends.at(-1)).toBeNull();
});

test('another terminal’s clip stays, and holds nothing up', async () => {
  const other = await studio.terminal(2);
  const [foreign, own] = [await told(makeClip(1)), await told(makeClip(2), other)];
  const { shelf } = openBench({}, other);
  shelf.put(foreign);
  shelf.put(own);
  expect(await shelf.end(own)).toBe('uploaded');
  expect(existsSync(shelf.fileOf(foreign))).toBe(true);
});

test('a clip that makes room for others in the middle is left at once', async () => {
  const [dropped, next] = [await told(makeNoise(8, 128)), await told(makeClip(1))];
  const { shelf } = openBench({ bytesPerSecond: 16 * 1024 });
  shelf.put(dropped);
  shelf.put(next);
  await hasCome(studio, dropped, 1000);
  shelf.drop(dropped);
  expect(await shelf.end(next)).toBe('uploaded');
  expect(shelf.ends.map(([, how]) => how)).toEqual(['dropped', 'uploaded']);
});

test('no byte goes while events wait, not even in the middle of a clip', async () => {
  const clip = await told(makeNoise(8, 128));
  let waiting = false;
  let asked = 0;
  const eventsWait = () => {
    asked += 1;
    return waiting;
  };
  const proxy = await startCuttingProxy(studio.url, () => null);
  const { shelf } = openBench({ hubUrl: proxy.url, bytesPerSecond: 256 * 1024, eventsWait });
  shelf.put(clip);
  await hasCome(studio, clip, 30_000);
  waiting = true;
  const upTo = async (more: number) => {
    const target = asked + more;
    await eventually(
      async () => asked,
      (count) => count >= target,
    );
  };
  await upTo(3);
  const held = proxy.sentUp();
  await upTo(3);
  expect(proxy.sentUp()).toBe(held);
  expect(held).toBeLessThan(clip.bytes.length);
  waiting = false;
  expect(await shelf.end(clip)).toBe('uploaded');
});

test('a clip takes no more of the line than it may', async () => {
  const clip = await told(makeNoise(6, 128));
  const perSecond = 96 * 1024;
  const { shelf } = openBench({ bytesPerSecond: perSecond });
  const begun = performance.now();
  shelf.put(clip);
  expect(await shelf.end(clip)).toBe('uploaded');
  // The last piece, of 16 KiB, need not be waited for.
  expect(performance.now() - begun).toBeGreaterThan(((clip.bytes.length - 16 * 1024) / perSecond) * 1000 - 5);
});
