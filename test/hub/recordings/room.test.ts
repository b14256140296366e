import type { Recording, RecordingsState } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { fillable, free, margin } from './ballast.ts';
import { makeNoise } from './clips.ts';
import { openStudio, type Studio } from './studio.ts';

const stateOf = ({ api }: Studio) => api.get<RecordingsState>('/recordings/state');

test('a disk that fills up while a clip arrives stops it there; when there is room it goes on at that byte', async () => {
  const { leastFree, fill, empty } = fillable(temporaryFolder());
  const studio = await openStudio({ settings: { keyFile: null, bucket: null, leastFree } });
  const terminal = await studio.terminal();
  const clip = makeNoise(60, 256);
  await terminal.tell(clip);
  const proxy = await startCuttingProxy(studio.url, () => ({ up: 200_000 }));
  await expect(terminal.send(clip, { through: proxy.url, retryDelays: null })).rejects.toThrow();
  const url = `${studio.url}/api/v1/recordings/uploads/${clip.recording}`;
  const headers = { authorization: terminal.authorization, 'tus-resumable': '1.0.0' };
  const come = async () => Number((await fetch(url, { method: 'HEAD', headers })).headers.get('upload-offset'));
  const before = await eventually(come, (bytes) => bytes > 100_000);
  expect(before).toBeLessThan(clip.bytes.length);
  expect(await stateOf(studio)).toMatchObject({ works: true, trouble: null });

  fill();
  await expect(terminal.send(clip, { uploadUrl: url, retryDelays: null })).rejects.toThrow(
    /507.*disk for recordings is full/,
  );
  expect(await come()).toBe(before);
  expect(await stateOf(studio)).toMatchObject({ works: false, trouble: 'no-room' });
  await expect(terminal.send(clip, { retryDelays: null })).rejects.toThrow(/507/);

  empty();
  expect(await stateOf(studio)).toMatchObject({ works: true, trouble: null });
  const asked: number[] = [];
  await terminal.send(clip, { uploadUrl: url, onProgress: (sent) => void asked.push(sent) });
  expect(Math.min(...asked)).toBeGreaterThanOrEqual(before);
  expect((await studio.api.get<Recording>(`/recordings/${clip.recording}`)).state).toBe('stored');
  const heard = await studio.hear(clip.recording);
  expect(Buffer.from(await heard.arrayBuffer()).equals(clip.bytes)).toBe(true);
});

test('where there is room now and not for the whole of a clip, its upload is not begun', async () => {
  const studio = await openStudio({ settings: { keyFile: null, bucket: null, leastFree: free() + margin } });
  const terminal = await studio.terminal();
  const clip = makeNoise(2, 64);
  await terminal.tell(clip);
  await expect(terminal.send(clip, { retryDelays: null })).rejects.toThrow(/507/);
  expect(await stateOf(studio)).toMatchObject({ works: false, trouble: 'no-room' });
});
