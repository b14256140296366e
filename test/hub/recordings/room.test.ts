import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recording, RecordingsState } from '@manyi/config/recordings';
import { expect, onTestFinished, test } from 'vitest';
import { browserOfFile } from '../../agent/screen/browser.ts';
import { requireDashboard } from '../../browser/dashboard.ts';
import { eventually } from '../../support/api.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { makeNoise } from './clips.ts';
import { expectSaid } from './said.ts';
import { openStudio, type Studio } from './studio.ts';

requireDashboard();
const browser = await browserOfFile();

/** More than anything else on the machine is likely to write or remove meanwhile, in bytes. */
const margin = 512 * 1024 * 1024;

/** How many bytes the disk of a folder still takes, usually that of the tests. */
function free(folder = tmpdir()): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** A disk that is full as far as a hub may tell: what its clips must leave free can be taken, and given back. */
interface Fillable {
  /** For the hub's settings. */
  readonly leastFree: number;
  fill(): void;
  empty(): void;
}

function fillable(folder: string): Fillable {
  const ballast = join(folder, 'ballast');
  return {
    leastFree: free() - margin,
    fill: () => void execFileSync('fallocate', ['-l', String(2 * margin), ballast]),
    empty: () => rmSync(ballast),
  };
}

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

test('where clips are kept on a disk of their own, that one has to have room too', async () => {
  const folder = mkdtempSync('/dev/shm/manyi-');
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const leastFree = free(folder) + margin;
  const settings = { keyFile: null, bucket: null, leastFree };
  const studio = await openStudio({ settings });
  const terminal = await studio.terminal();
  const clip = makeNoise(2, 64);
  await terminal.tell(clip);
  await studio.close();
  const kept = join(studio.folder, 'recordings');
  rmSync(kept, { recursive: true });
  symlinkSync(folder, kept);
  const again = await studio.again(settings);
  await expect(terminal.send(clip, { through: again.url, retryDelays: null })).rejects.toThrow(/507/);
  expect(await stateOf(again)).toMatchObject({ works: false, trouble: 'no-room' });
});

test('a disk that is full is said by floor and recordings in both languages; ratings and what is stored go on, and no clip is lost', async () => {
  const { leastFree, fill, empty } = fillable(temporaryFolder());
  await expectSaid(browser, { settings: { keyFile: null, bucket: null, leastFree }, spoil: fill, mend: empty }, [
    ['There is no room for more recordings', '没有空间存放新的录音'],
    ['Stored recordings can be played.', '已保存的录音仍可播放。'],
    ['the disk for recordings is full: make room', '存放录音的磁盘已满：请腾出空间'],
  ]);
});
