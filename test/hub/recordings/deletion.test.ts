import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording, RecordingsState } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Clip, makeClip, makeNoise } from './clips.ts';
import { startStorage } from './storage.ts';
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

test('however a deletion and the arrival of a clip fall together, the sound is gone in the end', async () => {
  const folder = temporaryFolder();
  const studio = await openStudio({ settings: (await startStorage(folder)).settings });
  const terminal = await studio.terminal();
  const clips = Array.from({ length: 6 }, () => makeNoise(2, 256));
  for (const clip of clips) await terminal.tell(clip);
  await Promise.all(
    clips.map(async (clip, number) => {
      const sending = terminal.send(clip, { retryDelays: null }).catch(() => {});
      // A little later each: at the first byte, half-way, while it is being stored.
      for (let turn = 0; turn < number * 3; turn++) await stateOf(studio, clip);
      // One that was stored in the very moment of the decision is asked for once more, as a person would.
      await remove(studio, clip).catch(() => remove(studio, clip));
      await sending;
    }),
  );
  for (const clip of clips) expect(await stateOf(studio, clip)).toBe('deleted');
  const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(left.filter(({ name }) => name.includes('.clip'))).toEqual([]);
  expect(readdirSync(join(studio.folder, 'incoming'))).toEqual([]);
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
