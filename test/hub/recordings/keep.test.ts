import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Recording, RecordingsState } from '@manyi/config/recordings';
import { readKey } from '@manyi/hub/recordings/keep/key';
import type { RecordingSettings } from '@manyi/hub/recordings/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { clipOf, makeClip, makeNoise } from './clips.ts';
import { startStorage } from './storage.ts';
import { openStudio, type Studio } from './studio.ts';

const listen = async (recording: string, { hear }: Studio) => hear(recording);

test('S3-compatible storage holds clips, sealed; it serves ranges, and is back after it was away', async () => {
  const folder = temporaryFolder();
  const { server, settings, port } = await startStorage(folder);
  const studio = await openStudio({ settings });
  const terminal = await studio.terminal();
  const [clip, later] = [makeNoise(6, 256), makeClip()];
  for (const one of [clip, later]) await terminal.tell(one);
  await terminal.send(clip);
  const answer = await studio.hear(clip.recording, { range: 'bytes=65000-140000' });
  expect(Buffer.from(await answer.arrayBuffer()).equals(clip.bytes.subarray(65_000, 140_001))).toBe(true);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const kept = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  expect(kept.some((bytes) => bytes.length > clip.bytes.length)).toBe(true);
  expect(kept.some((bytes) => bytes.includes('OpusHead'))).toBe(false);
  expect(existsSync(join(studio.folder, 'recordings'))).toBe(false);

  await server.close();
  await expect(terminal.send(later, { retryDelays: null })).rejects.toThrow(/503/);
  expect((await studio.api.get<Recording>(`/recordings/${later.recording}`)).state).toBe('announced');
  await startStorage(folder, port);
  await terminal.send(later, { retryDelays: [0, 100, 500, 1000] });
  expect(Buffer.from(await (await listen(later.recording, studio)).arrayBuffer()).equals(later.bytes)).toBe(true);
  await studio.api.post(`/recordings/${later.recording}/deletion`, { reason: 'asked for' });
  expect((await listen(later.recording, studio)).status).toBe(410);
});

test('what is refused while it goes into object storage is refused at once, and the hub goes on', {
  timeout: 15_000,
}, async () => {
  const studio = await openStudio({ settings: (await startStorage(temporaryFolder())).settings });
  const terminal = await studio.terminal();
  const clip = makeNoise(6, 256);
  const tampered = Buffer.from(clip.bytes);
  tampered[tampered.length - 100] = (tampered.at(-100) ?? 0) ^ 1;
  const noClip = clipOf(randomBytes(200_000), 1000);
  for (const one of [clip, noClip]) await terminal.tell(one);
  const once = { retryDelays: null };
  await expect(terminal.send({ ...clip, bytes: tampered }, once)).rejects.toThrow(/response code: 460/);
  await expect(terminal.send(noClip, once)).rejects.toThrow(/response code: 415/);
  expect(await studio.api.get<RecordingsState>('/recordings/state')).toMatchObject({ works: true, stored: 0 });
  await terminal.send(clip, once);
  expect(Buffer.from(await (await listen(clip.recording, studio)).arrayBuffer()).equals(clip.bytes)).toBe(true);
});

test('a missing or wrong key turns recordings off in one clear line, and nothing else', async () => {
  const file = join(temporaryFolder(), 'key');
  const settings: RecordingSettings = { keyFile: file, bucket: null };
  const right = `${randomBytes(32).toString('hex')}\n`;
  const mode = 0o600;
  writeFileSync(file, right, { mode });
  const studio = await openStudio({ settings });
  const terminal = await studio.terminal();
  const clip = makeClip();
  await terminal.tell(clip);
  await terminal.send(clip);

  const wrongs: [string | null, RegExp][] = [
    [null, /the key file .* is missing: put it back/],
    [randomBytes(32).toString('hex'), /is not the one that the recordings were made with: put that one back/],
  ];
  let current = studio;
  for (const [text, line] of wrongs) {
    if (text === null) rmSync(file);
    else writeFileSync(file, text, { mode });
    current = await current.again();
    expect(current.lines.filter((one) => line.test(one))).toHaveLength(1);
    expect(current.lines.join()).not.toContain(right.trim());
    const state = await current.api.get<RecordingsState>('/recordings/state');
    expect(state).toMatchObject({ works: false, stored: 1, bytes: clip.bytes.length, keptIn: 'folder' });
    expect(state.why).toMatch(line);
    const refused = await listen(clip.recording, current);
    expect([refused.status, await refused.json()]).toMatchObject([503, { detail: expect.stringMatching(line) }]);
    const other = makeClip();
    const again = await current.terminal(2);
    await again.tell(other, { level: 'satisfied' });
    await expect(again.send(other, { retryDelays: null })).rejects.toThrow(/503/);
  }
  writeFileSync(file, right, { mode });
  current = await current.again();
  expect(Buffer.from(await (await listen(clip.recording, current)).arrayBuffer()).equals(clip.bytes)).toBe(true);
});

test('a key file that goes while the hub runs: nothing more is taken in under a key that may be gone, until it is back', async () => {
  const file = join(temporaryFolder(), 'key');
  const right = randomBytes(32).toString('hex');
  const mode = 0o600;
  writeFileSync(file, right, { mode });
  const studio = await openStudio({ settings: { keyFile: file, bucket: null } });
  const terminal = await studio.terminal();
  const [first, second] = [makeClip(), makeClip()];
  for (const clip of [first, second]) await terminal.tell(clip);
  await terminal.send(first);
  const state = () => studio.api.get<RecordingsState>('/recordings/state');
  rmSync(file);
  expect(await state()).toMatchObject({ works: false, trouble: 'key-missing', why: expect.stringContaining(file) });
  await expect(terminal.send(second, { retryDelays: null })).rejects.toThrow(/503/);
  expect((await listen(first.recording, studio)).status).toBe(200);
  writeFileSync(file, randomBytes(32).toString('hex'), { mode });
  expect(await state()).toMatchObject({ works: false, trouble: 'other-key' });
  await expect(terminal.send(second, { retryDelays: null })).rejects.toThrow(/503/);
  expect(studio.lines.filter((one) => one.includes(`the key file ${file} is missing`))).toHaveLength(1);
  writeFileSync(file, right, { mode });
  expect(await state()).toMatchObject({ works: true, trouble: null });
  await terminal.send(second);
  expect(Buffer.from(await (await listen(second.recording, studio)).arrayBuffer()).equals(second.bytes)).toBe(true);
});

test.each([
  ['read', 0o644],
  ['replace', 0o602],
])(
  'a key that everybody on the machine may %s turns recordings off, and the line says how to close it',
  async (_, mode) => {
    const file = join(temporaryFolder(), 'key');
    writeFileSync(file, randomBytes(32).toString('hex'));
    chmodSync(file, mode);
    const studio = await openStudio({ settings: { keyFile: file, bucket: null } });
    const line = `the key file ${file} is open to every user of this machine: run chmod 600 ${file}, and restart the hub`;
    const state = await studio.api.get<RecordingsState>('/recordings/state');
    expect(state).toMatchObject({ works: false, trouble: 'key-open', why: line });
    expect(studio.lines.filter((one) => one.includes(line))).toHaveLength(1);
    chmodSync(file, 0o640);
    const again = await studio.again();
    expect(await again.api.get<RecordingsState>('/recordings/state')).toMatchObject({ works: true, trouble: null });
  },
);

test('a file that holds no key is told', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'key');
  writeFileSync(file, 'secret');
  expect(() => readKey({ file, folder }, { check: () => null, remember: () => {} })).toThrow(
    `${file} holds no key: it must be 64 hexadecimal digits, as openssl rand -hex 32 makes them`,
  );
});

test('without a setting the hub makes a key that only its user reads', async () => {
  const studio = await openStudio();
  expect(readFileSync(join(studio.folder, 'recordings.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  expect((await studio.api.get<RecordingsState>('/recordings/state')).works).toBe(true);
});

test('what a power cut at its first start has left of the hub’s own key is no key yet', async () => {
  const studio = await openStudio({ settings: { keyFile: join(temporaryFolder(), 'none'), bucket: null } });
  const own = join(studio.folder, 'recordings.key');
  writeFileSync(own, '');
  const again = await studio.again({ keyFile: null, bucket: null });
  expect(readFileSync(own, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  expect((await again.api.get<RecordingsState>('/recordings/state')).works).toBe(true);
  writeFileSync(own, '');
  const later = await again.again({ keyFile: null, bucket: null });
  expect((await later.api.get<RecordingsState>('/recordings/state')).trouble).toBe('no-key');
});

test('storage that cannot be reached is said, and the rest of the hub goes on', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const bucket = {
    bucket: 'clips',
    endpoint: `http://127.0.0.1:${port}`,
    region: 'r',
    accessKeyId: 'a',
    secretAccessKey: 'b',
  };
  const studio = await openStudio({ settings: { keyFile: null, bucket } });
  const terminal = await studio.terminal();
  const clip = makeClip();
  await terminal.tell(clip);
  await expect(terminal.send(clip, { retryDelays: null })).rejects.toThrow(/503/);
  expect((await studio.api.get<{ items: unknown[] }>('/recordings')).items).toHaveLength(1);
  const state = await eventually(
    () => studio.api.get<RecordingsState>('/recordings/state'),
    ({ trouble }) => trouble === 'storage',
  );
  const why = expect.stringMatching(/^the storage .* fails \(.*ECONNREFUSED/);
  expect(state).toMatchObject({ works: false, keptIn: 's3', why });
});
