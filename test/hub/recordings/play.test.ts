import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry, Hearing } from '@manyi/config/audit';
import type { Waveform } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { type Clip, makeClip, makeNoise } from './clips.ts';
import { openStudio, type Studio, studioOfFile } from './studio.ts';

interface Page<T> {
  readonly items: readonly T[];
}

const studio = await studioOfFile();
const terminal = await studio.terminal();

/** Brings a clip to the hub. */
async function bring(clip: Clip, by = terminal): Promise<void> {
  await by.tell(clip, { level: 'dissatisfied', data: { pressedAtMs: 1200 } });
  await by.send(clip);
}

async function bytesOf(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer());
}

async function supervisor({ api, url }: Studio, username: string, sites: string[]): Promise<string> {
  const account = { username, password: 'long-enough-for-all' };
  await api.post('/users', { ...account, name: username, role: 'supervisor', sites });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1/login`, { method: 'POST', headers, body: JSON.stringify(account) });
  return ((await answer.json()) as { token: string }).token;
}

async function audit(studio: Studio): Promise<readonly AuditEntry[]> {
  return (await studio.api.get<Page<AuditEntry>>('/audit')).items;
}

test('every range is the bytes that it names', async () => {
  const clip = makeNoise(12, 256);
  await bring(clip);
  const size = clip.bytes.length;
  const piece = 64 * 1024;
  expect(size).toBeGreaterThan(4 * piece);
  const ranges: [number, number][] = [
    [0, 0],
    [0, 1],
    [1, 17],
    [piece - 1, piece],
    [piece, 2 * piece - 1],
    [piece - 5, 3 * piece + 5],
    [size - 1, size - 1],
    [17, size - 1],
  ];
  for (const [first, last] of ranges) {
    const answer = await studio.hear(clip.recording, { range: `bytes=${first}-${last}` });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${first}-${last}/${size}`);
    expect((await bytesOf(answer)).equals(clip.bytes.subarray(first, last + 1))).toBe(true);
  }
  const end = await studio.hear(clip.recording, { range: 'bytes=-100' });
  expect((await bytesOf(end)).equals(clip.bytes.subarray(-100))).toBe(true);
  const beyond = await studio.hear(clip.recording, { range: `bytes=${size}-` });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
  const whole = await studio.hear(clip.recording, { range: 'bytes=0-1,5-6' });
  expect([whole.status, (await bytesOf(whole)).equals(clip.bytes)]).toEqual([200, true]);
});

test('what is to be joined to the beginning of something else is sent whole', async () => {
  const clip = makeClip();
  await bring(clip);
  const range = 'bytes=100-';
  const etag = (await studio.hear(clip.recording, { range })).headers.get('etag') ?? '';
  const goOn = async (ifRange: string) => (await studio.hear(clip.recording, { range, 'if-range': ifRange })).status;
  expect(await goOn(etag)).toBe(206);
  for (const other of [`W/${etag}`, etag.replace('-ogg', '-m4a'), new Date().toUTCString()])
    expect(await goOn(other)).toBe(200);
});

test('a client that cannot play Ogg Opus gets AAC, in ranges too', async () => {
  const clip = makeClip(3);
  await bring(clip);
  const ogg = await studio.hear(clip.recording, { accept: 'audio/webm,audio/ogg,*/*;q=0.5' });
  expect(ogg.headers.get('content-type')).toBe('audio/ogg; codecs=opus');
  const answer = await studio.hear(clip.recording, { accept: 'audio/mp4, audio/ogg;q=0' });
  expect(answer.headers.get('content-type')).toBe('audio/mp4');
  const file = await bytesOf(answer);
  const part = await studio.ask(`/recordings/${clip.recording}/audio?format=aac`, { range: 'bytes=100-199' });
  expect([part.status, (await bytesOf(part)).equals(file.subarray(100, 200))]).toEqual([206, true]);
  const path = join(studio.folder, 'aac.m4a');
  writeFileSync(path, file);
  const fields = 'stream=codec_name:format=duration';
  const probed = execFileSync('ffprobe', ['-v', 'error', '-show_entries', fields, '-of', 'json', path]).toString();
  const { streams, format } = JSON.parse(probed) as { streams: { codec_name: string }[]; format: { duration: string } };
  expect(streams).toEqual([{ codec_name: 'aac' }]);
  expect(Number(format.duration)).toBeCloseTo(3, 0);
});

test('no more AAC is made of a clip than its terminal told of, and none of one that no terminal makes', async () => {
  const [longer, endless] = [makeClip(6), makeClip()];
  await bring({ ...longer, durationMs: 2000 });
  await bring({ ...endless, durationMs: 6 * 3_600_000 });
  const accept = 'audio/mp4';
  const made = await bytesOf(await studio.hear(longer.recording, { accept }));
  const file = join(studio.folder, 'made.m4a');
  writeFileSync(file, made);
  const show = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file];
  const seconds = Number(execFileSync('ffprobe', show, { encoding: 'utf8' }));
  expect(seconds).toBeGreaterThanOrEqual(2);
  expect(seconds).toBeLessThan(4);
  const refused = await studio.hear(endless.recording, { accept });
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('longer than five hours')]);
});

test('the outline is made once, at arrival: loud where there is a tone, and nothing in the silence', async () => {
  const clip = makeClip(4);
  await bring(clip);
  const outline = await eventually(
    () => studio.api.get<Waveform>(`/recordings/${clip.recording}/waveform`),
    ({ peaks }) => peaks !== null,
  );
  expect(outline).toMatchObject({ durationMs: 4000, pressedAtMs: 1200, failed: null });
  const peaks = outline.peaks ?? [];
  expect(peaks).toHaveLength(40);
  expect(Math.min(...peaks.slice(1, 18))).toBeGreaterThan(130);
  expect(Math.max(...peaks.slice(22))).toBeLessThan(5);
});

test('nobody hears anything without saying why, and all of it stands in the audit log', async () => {
  const clip = makeClip();
  const studio = await openStudio();
  await bring(clip, await studio.terminal());
  const token = await supervisor(studio, 'wang', ['main-hall']);
  const silent = await studio.ask(`/recordings/${clip.recording}/audio`, {}, token);
  expect([silent.status, await audit(studio)]).toEqual([409, []]);
  // An address ends up in histories and logs: it is no place for a purpose.
  const inAddress = await studio.ask(`/recordings/${clip.recording}/audio?purpose=complaint%2017`, {}, token);
  expect([inAddress.status, await audit(studio)]).toEqual([409, []]);

  for (const range of ['bytes=0-99', 'bytes=100-', 'bytes=5-50'])
    await bytesOf(await studio.hear(clip.recording, { range }, token));
  const place = { recording: clip.recording, site: 'main-hall', counter: 'counter-1', clerk: 'C0017' };
  const [play, ...others] = await audit(studio);
  expect(others).toEqual([]);
  expect(play).toMatchObject({ who: 'wang', what: 'recording.play', why: 'complaint 17', ...place });

  const playing = await fetch(`${studio.url}/api/v1/recordings/${clip.recording}/playing`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(playing.status).toBe(204);
  const again = await studio.again();
  const [played] = await audit(again);
  expect(played).toMatchObject({ who: 'wang', what: 'recording.played', about: play?.position, ...place });
  expect(played?.lastedMs).toBeGreaterThan(0);
  const { items } = await again.api.get<Page<Hearing>>('/audit/clerks/C0017');
  expect(items).toMatchObject([
    { who: 'wang', what: 'recording.play', why: 'complaint 17', lastedMs: played?.lastedMs },
  ]);
});

test('a play that nothing was heard of for a minute has ended, and the next is one of its own', async () => {
  const clip = makeClip(1);
  let passed = 0;
  const studio = await openStudio({ now: () => Date.now() + passed });
  await bring(clip, await studio.terminal());
  const listen = async () => bytesOf(await studio.hear(clip.recording));
  const playing = () => studio.api.call('POST', `/recordings/${clip.recording}/playing`);
  await listen();
  for (let heard = 0; heard < 3; heard++) {
    passed += 40_000;
    await playing();
  }
  passed += 40_000;
  await listen();
  passed += 61_000;
  await expect(playing()).rejects.toThrow(/404/);
  await listen();
  const [again, played, play] = await audit(studio);
  expect([again?.what, played?.what, play?.what]).toEqual(['recording.play', 'recording.played', 'recording.play']);
  expect(played?.about).toBe(play?.position);
  expect(Math.round((played?.lastedMs ?? 0) / 10_000)).toBe(16);
});

test('a play whose player never says that it plays is logged as long as what it was sent, once', async () => {
  const clip = makeNoise(12, 256);
  let passed = 0;
  const studio = await openStudio({ now: () => Date.now() + passed });
  await bring(clip, await studio.terminal());
  const size = clip.bytes.length;
  const half = Math.round(size / 2);
  // The first half, and twice the third quarter.
  for (const range of [`bytes=0-${half - 1}`, `bytes=${half}-${half + size / 4}`, `bytes=${half}-${half + size / 4}`])
    await bytesOf(await studio.hear(clip.recording, { range: range.replace(/\.\d+/, '') }));
  passed += 61_000;
  await studio.hear(clip.recording);
  const [again, played] = await audit(studio);
  expect([again?.what, played?.what, played?.detail]).toEqual(['recording.play', 'recording.played', 'as-delivered']);
  expect(Math.round((played?.lastedMs ?? 0) / 100)).toBe(90);
  const { items } = await studio.api.get<Page<Hearing>>('/audit/clerks/C0017');
  expect(items.map(({ ended, atMost }) => [ended, atMost])).toEqual([
    [false, false],
    [true, true],
  ]);
});

test('who belongs to another site neither sees nor hears it, nor who heard it', async () => {
  const clip = makeClip();
  await bring(clip);
  await studio.api.post('/sites', { id: 'other-hall', name: 'Other', timeZone: 'Asia/Shanghai', mode: 'called' });
  await bytesOf(await studio.hear(clip.recording));
  const token = await supervisor(studio, 'li', ['other-hall']);
  const own = `/recordings/${clip.recording}`;
  for (const path of [own, `${own}/audio`, `${own}/waveform`])
    expect((await studio.ask(path, {}, token)).status).toBe(404);
  expect((await studio.hear(clip.recording, {}, token)).status).toBe(404);
  expect((await studio.ask('/recordings?site=main-hall', {}, token)).status).toBe(404);
  for (const path of ['/recordings', '/audit/clerks/C0017']) {
    expect(await (await studio.ask(path, {}, token)).json()).toEqual({ items: [], next: null });
  }
  expect((await studio.ask('/audit', {}, token)).status).toBe(403);
});

test('a name that stands in the audit log, or is the hub’s own there, is given to nobody else', async () => {
  const clip = makeClip();
  await bring(clip);
  const token = await supervisor(studio, 'zhao', ['main-hall']);
  await bytesOf(await studio.hear(clip.recording, {}, token));
  await supervisor(studio, 'never-heard', ['main-hall']);
  const headers = { authorization: `Bearer ${studio.api.token}` };
  for (const username of ['zhao', 'never-heard']) {
    const removed = await fetch(`${studio.url}/api/v1/users/${username}`, { method: 'DELETE', headers });
    expect(removed.status).toBe(204);
  }
  const add = (username: string) =>
    studio.api.post('/users', {
      username,
      name: 'Another',
      role: 'supervisor',
      password: 'long-enough-for-all',
      sites: [],
    });
  for (const username of ['zhao', 'hub']) await expect(add(username)).rejects.toThrow(/409.*problem:name-used/);
  await add('never-heard');
});

test('downloading is a right of its own, granted by name', async () => {
  const clip = makeClip();
  await bring(clip);
  const token = await supervisor(studio, 'wang', ['main-hall']);
  const download = (by = token) =>
    fetch(`${studio.url}/api/v1/recordings/${clip.recording}/download`, {
      method: 'POST',
      headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
      body: JSON.stringify({ purpose: 'complaint 17' }),
    });
  expect((await download()).status).toBe(403);
  expect((await download(studio.api.token)).status).toBe(403);
  await studio.api.call('PUT', '/recordings/downloaders/wang', { reason: 'arbitration office' });
  const answer = await download();
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${clip.recording}.ogg"`);
  expect((await bytesOf(answer)).equals(clip.bytes)).toBe(true);
  expect(await studio.api.get('/recordings/downloaders')).toEqual({ items: [{ username: 'wang' }], next: null });
  await studio.api.call('DELETE', '/recordings/downloaders/wang');
  expect((await download()).status).toBe(403);
  const done = (await audit(studio)).filter(({ what }) => /download/.test(what));
  expect(done.map(({ who, what, why, detail }) => [who, what, why, detail])).toEqual([
    ['admin', 'download-right.revoke', null, 'wang'],
    ['wang', 'recording.download', 'complaint 17', null],
    ['admin', 'download-right.grant', 'arbitration office', 'wang'],
  ]);
});

test('a clip that was changed on the disk is not played from there on', async () => {
  const clip = makeNoise(12, 256);
  await bring(clip);
  const path = join(studio.folder, 'recordings', clip.recording.slice(-2), `${clip.recording}.clip`);
  const stored = readFileSync(path);
  stored[200_000] = (stored[200_000] ?? 0) ^ 1;
  writeFileSync(path, stored);
  const untouched = await studio.hear(clip.recording, { range: 'bytes=0-100000' });
  expect((await bytesOf(untouched)).equals(clip.bytes.subarray(0, 100_001))).toBe(true);
  const answer = await studio.hear(clip.recording);
  await expect(bytesOf(answer)).rejects.toThrow();
  expect(studio.lines.join()).toMatch(/piece 3 was changed/);
});
