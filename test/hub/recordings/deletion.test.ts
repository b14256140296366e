import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording, RecordingsState, Waveform } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Clip, makeClip, makeNoise } from './clips.ts';
import { startStorage, startWarden } from './storage.ts';
import { openStudio, type Studio } from './studio.ts';

const stateOf = async ({ api }: Studio, { recording }: Clip) =>
  (await api.get<Recording>(`/recordings/${recording}`)).state;
const remove = ({ api }: Studio, { recording }: Clip) =>
  api.post(`/recordings/${recording}/deletion`, { reason: 'wish of the customer' });

test('a clip that is deleted while it arrives leaves nothing, and its terminal is told to let it go', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const clip = makeNoise(30, 256);
  await terminal.tell(clip);
  const part = join(studio.folder, 'incoming', `${clip.recording}.part`);
  const proxy = await startCuttingProxy(studio.url, () => ({ up: 200_000, stall: true }));
  void terminal.send(clip, { through: proxy.url, retryDelays: null }).catch(() => {});
  await eventually(
    async () => existsSync(part),
    (is) => is,
  );
  await remove(studio, clip);
  expect(await stateOf(studio, clip)).toBe('deleted');
  expect(existsSync(part)).toBe(false);
  await expect(terminal.send(clip, { retryDelays: null })).rejects.toThrow(/410/);
  const url = `${studio.url}/api/v1/recordings/uploads/${clip.recording}`;
  await expect(terminal.send(clip, { uploadUrl: url, retryDelays: null })).rejects.toThrow();
  expect(readdirSync(join(studio.folder, 'incoming'))).toEqual([]);
});

test('a clip that is deleted while it is being stored is taken away when it is there', async () => {
  const folder = temporaryFolder();
  const warden = await startWarden(await startStorage(folder));
  const studio = await openStudio({ settings: warden.settings });
  const terminal = await studio.terminal();
  const clip = makeClip();
  await terminal.tell(clip);
  const storing = warden.keepBack('PUT');
  const sending = terminal.send(clip, { retryDelays: null });
  const letThrough = await storing;
  const removing = remove(studio, clip);
  await eventually(
    () => stateOf(studio, clip),
    (state) => state === 'deleting',
  );
  // As late as it can be: what is asked for first is done first.
  await studio.ask('/recordings/state');
  letThrough();
  await expect(sending).rejects.toThrow(/410/);
  await removing;
  expect(await stateOf(studio, clip)).toBe('deleted');
  const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(left.filter(({ name }) => name.includes('.clip'))).toEqual([]);
  expect(readdirSync(join(studio.folder, 'incoming'))).toEqual([]);
});

test('a clip that its terminal gave up too early is kept when all of it has come', async () => {
  const warden = await startWarden(await startStorage(temporaryFolder()));
  const studio = await openStudio({ settings: warden.settings });
  const terminal = await studio.terminal();
  const clip = makeClip();
  await terminal.tell(clip);
  const storing = warden.keepBack('PUT');
  const sending = terminal.send(clip, { retryDelays: null });
  const letThrough = await storing;
  await terminal.publish('manyi.recording.lost.v1', { clerk: 'C0017', recording: clip.recording, why: 'no-room' });
  await eventually(
    () => stateOf(studio, clip),
    (state) => state === 'lost',
  );
  letThrough();
  await sending;
  const row = await studio.api.get<Recording>(`/recordings/${clip.recording}`);
  expect(row).toMatchObject({ state: 'stored', fault: null, faultAt: null });
  expect(Buffer.from(await (await studio.hear(clip.recording)).arrayBuffer()).equals(clip.bytes)).toBe(true);
});

test('a clip that is deleted while its outline is being made leaves none', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const [deleted, next] = [makeClip(), makeClip()];
  for (const clip of [deleted, next]) await terminal.tell(clip);
  const [began, goOn] = [join(studio.folder, 'began'), join(studio.folder, 'go-on')];
  const waits = `#!/bin/sh\ntouch ${began}\nwhile [ ! -e ${goOn} ]; do sleep 0.05; done\nexec /usr/bin/ffmpeg "$@"\n`;
  writeFileSync(join(studio.folder, 'ffmpeg'), waits, { mode: 0o755 });
  const path = process.env['PATH'];
  process.env['PATH'] = `${studio.folder}:${path}`;
  const outlineOf = ({ recording }: Clip) => studio.api.get<Waveform>(`/recordings/${recording}/waveform`);
  try {
    await terminal.send(deleted);
    await eventually(
      async () => existsSync(began),
      (is) => is,
    );
    await terminal.send(next);
    await remove(studio, deleted);
    writeFileSync(goOn, '');
    await eventually(
      () => outlineOf(next),
      ({ peaks }) => peaks !== null,
    );
  } finally {
    process.env['PATH'] = path;
  }
  expect((await outlineOf(deleted)).peaks).toBeNull();
});

test('no key is needed to delete', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const [stored, announced] = [makeClip(), makeClip()];
  for (const clip of [stored, announced]) await terminal.tell(clip);
  await terminal.send(stored);
  renameSync(join(studio.folder, 'recordings.key'), join(studio.folder, 'elsewhere'));
  const again = await studio.again();
  expect(await again.api.get<RecordingsState>('/recordings/state')).toMatchObject({ trouble: 'key-missing' });
  for (const clip of [stored, announced]) {
    await remove(again, clip);
    expect(await stateOf(again, clip)).toBe('deleted');
  }
  const left = readdirSync(join(studio.folder, 'recordings'), { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => entry.isFile())).toEqual([]);
});
