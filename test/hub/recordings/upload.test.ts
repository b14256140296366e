import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { problemKindOf } from '@manyi/config/problems';
import type { Recording } from '@manyi/config/recordings';
import { DetailedError } from 'tus-js-client';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { startBrittleLine } from './brittle-line.ts';
import { type Clip, clipOf, makeClip, makeNoise } from './clips.ts';
import { openStudio, type Studio, studioOfFile } from './studio.ts';

const uploads = '/api/v1/recordings/uploads';

const studio = await studioOfFile();
const terminal = await studio.terminal();

async function stateOf({ api }: Studio, { recording }: Clip): Promise<string> {
  return (await api.get<Recording>(`/recordings/${recording}`)).state;
}

async function soundOf(studio: Studio, { recording }: Clip): Promise<Buffer> {
  const answer = await studio.hear(recording);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** What an upload ended with: a status, or null where it arrived. */
function outcome(sending: Promise<void>): Promise<number | null> {
  return sending.then(
    () => null,
    (error: unknown) =>
      error instanceof DetailedError ? (error.originalResponse?.getStatus() ?? 0) : Promise.reject(error),
  );
}

/** The status and the kind of the problem that an upload ended with. */
function refusalOf(sending: Promise<void>): Promise<unknown> {
  return sending.catch((error: unknown) => {
    if (!(error instanceof DetailedError) || error.originalResponse === null) throw error;
    const { status, type } = JSON.parse(error.originalResponse.getBody()) as { status: number; type: string };
    return [status, problemKindOf(type)];
  });
}

/** Waits until the hub has written the larger part of nine thousand bytes; answers the file. A line may be used for one request or more. */
async function hasCome({ folder }: Studio, { recording }: Clip): Promise<string> {
  const file = join(folder, 'incoming', `${recording}.part`);
  await eventually(
    async () => (existsSync(file) ? statSync(file).size : 0),
    (bytes) => bytes > 5000,
  );
  return file;
}

const once = { retryDelays: null } as const;

test('a clip is told of, sent, and heard again as it was', async () => {
  const clip = makeClip();
  await terminal.tell(clip, { level: 'dissatisfied', data: { pressedAtMs: 1500, speechShare: 0.5, peak: 0.6 } });
  expect(await stateOf(studio, clip)).toBe('announced');
  expect((await studio.hear(clip.recording)).status).toBe(409);
  await terminal.send(clip);
  const stored = await studio.api.get<Recording>(`/recordings/${clip.recording}`);
  const place = { clerk: 'C0017', counter: 'counter-1', terminal: 'terminal-1', level: 'dissatisfied' };
  const measured = { pressedAtMs: 1500, speechShare: 0.5, peak: 0.6, clippedShare: null, durationMs: 2000 };
  expect(stored).toMatchObject({ state: 'stored', ...place, ...measured });
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

const untiring = Array.from({ length: 5000 }, () => 0);

test('an upload that is cut at every byte of its requests goes on where it was', async () => {
  const clip = makeNoise(2, 64);
  await terminal.tell(clip);
  const upTo = 500;
  const line = await startBrittleLine(studio.url, { in: 'request', step: 1, upTo });
  await terminal.send(clip, { through: line.url, retryDelays: untiring });
  const { POST, HEAD, PATCH } = line.broke();
  expect([POST?.times, HEAD?.times, PATCH?.times]).toEqual([POST?.head, HEAD?.head, upTo]);
  // Some of these lay within the clip.
  expect(PATCH?.head).toBeLessThan(upTo - 100);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('answers that are lost anywhere change nothing', async () => {
  const clip = makeNoise(2, 64);
  await terminal.tell(clip);
  const step = 20;
  const line = await startBrittleLine(studio.url, { in: 'answer', step, upTo: 2000 });
  // Small requests, so that some are left when the last answer is lost.
  await terminal.send(clip, { through: line.url, retryDelays: untiring, chunkSize: 32 });
  for (const { times, head } of Object.values(line.broke())) expect(times).toBe(Math.floor(head / step));
  expect(Object.keys(line.broke()).sort()).toEqual(['HEAD', 'PATCH', 'POST']);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('what had come of a clip is still there after the hub was started anew', async () => {
  const first = await openStudio();
  const sender = await first.terminal();
  const clip = makeNoise(6, 64);
  await sender.tell(clip);
  // A line that falls silent: of one that is cut, the hub need not have read everything.
  const proxy = await startCuttingProxy(first.url, () => ({ up: 9000, stall: true }));
  void sender.send(clip, { through: proxy.url, retryDelays: null }).catch(() => {});
  await hasCome(first, clip);
  const second = await first.again();
  const headers = { authorization: sender.authorization, 'tus-resumable': '1.0.0' };
  const asked = await fetch(`${second.url}${uploads}/${clip.recording}`, { method: 'HEAD', headers });
  const held = Number(asked.headers.get('upload-offset'));
  expect(held).toBeGreaterThan(5000);
  await sender.send(clip, { uploadUrl: `${second.url}${uploads}/${clip.recording}` });
  const answer = await second.hear(clip.recording);
  expect(Buffer.from(await answer.arrayBuffer()).equals(clip.bytes)).toBe(true);
});

test('nothing of a clip can be read on the disk, neither on its way nor when it is kept', async () => {
  const clip = makeNoise(6, 64);
  await terminal.tell(clip);
  const proxy = await startCuttingProxy(studio.url, () => ({ up: 9000, stall: true }));
  void terminal.send(clip, { through: proxy.url, retryDelays: null }).catch(() => {});
  const onItsWay = readFileSync(await hasCome(studio, clip));
  await terminal.send(clip);
  expect(readdirSync(join(studio.folder, 'incoming'))).toEqual([]);
  const kept = readFileSync(join(studio.folder, 'recordings', clip.recording.slice(-2), `${clip.recording}.clip`));
  for (const file of [onItsWay, kept]) {
    for (let at = 0; at + 16 < 5000; at += 16) expect(file.includes(clip.bytes.subarray(at, at + 16))).toBe(false);
  }
});

test('two uploads of one clip at once become one', async () => {
  const clip = makeNoise(4, 128);
  await terminal.tell(clip);
  const patient = { retryDelays: Array.from({ length: 50 }, () => 20) };
  await Promise.all([1, 2, 3].map(() => terminal.send(clip, patient)));
  expect(await stateOf(studio, clip)).toBe('stored');
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
  await terminal.send(clip);
});

test('a connection that died without a word does not keep the next one out', async () => {
  const clip = makeNoise(2, 64);
  await terminal.tell(clip);
  const proxy = await startCuttingProxy(studio.url, () => ({ up: 9000, stall: true }));
  void terminal.send(clip, { through: proxy.url, retryDelays: null }).catch(() => {});
  await hasCome(studio, clip);
  await terminal.send(clip);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('a clip that was tampered with is refused and thrown away, and the true one is taken', async () => {
  const clip = makeClip();
  await terminal.tell(clip);
  const other = Buffer.from(clip.bytes);
  other[other.length - 100] = (other[other.length - 100] ?? 0) ^ 1;
  expect(await outcome(terminal.send({ ...clip, bytes: other }, once))).toBe(460);
  expect(await stateOf(studio, clip)).toBe('announced');
  expect(readdirSync(join(studio.folder, 'incoming'))).toEqual([]);
  await terminal.send(clip);
  expect((await soundOf(studio, clip)).equals(clip.bytes)).toBe(true);
});

test('what is no Ogg Opus is refused, though it is what was told of', async () => {
  const clip = clipOf(Buffer.from('MZ this is a program, not a voice'.repeat(20)), 1000);
  await terminal.tell(clip);
  expect(await outcome(terminal.send(clip, once))).toBe(415);
  expect(await stateOf(studio, clip)).toBe('announced');
});

test('neither is a clip without a byte taken for Ogg Opus', async () => {
  const clip = clipOf(Buffer.alloc(0), 0);
  await terminal.tell(clip);
  expect(await outcome(terminal.send(clip, once))).toBe(415);
  expect(await stateOf(studio, clip)).toBe('announced');
});

/** Begins an upload with all of its bytes at once, in a body that does not say how long it is. */
function beginInChunks({ recording, bytes }: Clip): Promise<Response> {
  const metadata = `recording ${Buffer.from(recording).toString('base64')}`;
  const tus = { 'tus-resumable': '1.0.0', 'upload-length': String(bytes.length), 'upload-metadata': metadata };
  const headers = { authorization: terminal.authorization, ...tus, 'content-type': 'application/offset+octet-stream' };
  const inChunks = { method: 'POST', headers, body: new Blob([new Uint8Array(bytes)]).stream(), duplex: 'half' };
  return fetch(`${studio.url}${uploads}`, inChunks);
}

test('only its own terminal sends a clip, of its own size, when it has told of it', async () => {
  const other = await studio.terminal(2);
  const clip = makeClip();
  expect(await refusalOf(terminal.send(clip, once))).toEqual([409, 'recording-unknown']);
  await terminal.tell(clip);
  expect(await refusalOf(other.send(clip, once))).toEqual([404, 'recording-of-another']);
  expect(await outcome(terminal.send({ ...clip, bytes: clip.bytes.subarray(1) }, once))).toBe(400);
  expect(await outcome(terminal.send({ ...clip, recording: '../../hub.db' }, once))).toBe(400);
  const signedIn = { headers: { authorization: `Bearer ${studio.api.token}` } };
  expect(await outcome(terminal.send(clip, { ...once, ...signedIn }))).toBe(403);
  expect(await outcome(terminal.send(clip, { ...once, headers: { authorization: 'Basic x' } }))).toBe(401);
  expect(await outcome(terminal.send(clip, { ...once, uploadDataDuringCreation: true }))).toBe(400);
  expect((await beginInChunks(clip)).status).toBe(400);
  await terminal.send(clip);
  const headers = { authorization: other.authorization, 'tus-resumable': '1.0.0' };
  const peek = await fetch(`${studio.url}${uploads}/${clip.recording}`, { method: 'HEAD', headers });
  expect(peek.status).toBe(404);
});

test('an address that names two clips does not bring one to another terminal', async () => {
  const other = await studio.terminal(2);
  const [wanted, own] = [makeClip(), makeClip()];
  await terminal.tell(wanted);
  await other.tell(own);
  const tus = { 'tus-resumable': '1.0.0' };
  const metadata = `recording ${Buffer.from(wanted.recording).toString('base64')}`;
  const length = { 'upload-length': String(wanted.bytes.length), 'upload-metadata': metadata };
  const begin = { authorization: terminal.authorization, ...tus, ...length };
  expect((await fetch(`${studio.url}${uploads}`, { method: 'POST', headers: begin })).status).toBe(201);
  const piece = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
  const headers = { authorization: other.authorization, ...tus, ...piece };
  for (const address of [`${own.recording}?/${wanted.recording}`, `${own.recording}?of=x/${wanted.recording}/`]) {
    const answer = await fetch(`${studio.url}${uploads}/${address}`, {
      method: 'PATCH',
      headers,
      body: new Uint8Array(wanted.bytes),
    });
    expect(answer.status).toBe(404);
  }
  const written = `${studio.url}${uploads}/${wanted.recording.toUpperCase()}/?x=/${own.recording}`;
  const asked = await fetch(written, { method: 'HEAD', headers: { authorization: terminal.authorization, ...tus } });
  expect([asked.status, asked.headers.get('upload-offset')]).toEqual([200, '0']);
  expect(await stateOf(studio, wanted)).toBe('announced');
  expect(statSync(join(studio.folder, 'incoming', `${wanted.recording}.part`)).size).toBe(32);
});

test('a full disk is said, on the way in and where clips are kept, and what has come is not lost', async () => {
  const [first, second] = [makeClip(), makeClip(3)];
  await terminal.tell(first);
  await terminal.send(first);
  await terminal.tell(second);
  const onItsWay = join(studio.folder, 'incoming', `${second.recording}.part`);
  symlinkSync('/dev/full', onItsWay);
  expect(await outcome(terminal.send(second, once))).toBe(507);
  rmSync(onItsWay);
  const folder = join(studio.folder, 'recordings', second.recording.slice(-2));
  mkdirSync(folder, { recursive: true });
  symlinkSync('/dev/full', join(folder, `${second.recording}.clip.part`));
  expect(await outcome(terminal.send(second, once))).toBe(507);
  expect(await stateOf(studio, second)).toBe('announced');
  // It has come whole: asking how much of it is here stores it.
  const headers = { authorization: terminal.authorization, 'tus-resumable': '1.0.0' };
  const asked = await fetch(`${studio.url}${uploads}/${second.recording}`, { method: 'HEAD', headers });
  expect(asked.headers.get('upload-offset')).toBe(String(second.bytes.length));
  expect((await soundOf(studio, second)).equals(second.bytes)).toBe(true);
});
