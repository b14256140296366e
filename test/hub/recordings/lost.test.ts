import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording, RecordingFaults } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { type Clip, makeClip, makeNoise } from './clips.ts';
import { openStudio, type Studio } from './studio.ts';

const dayMs = 24 * 60 * 60 * 1000;
const today = () => new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date());

function rowOf({ api }: Studio, { recording }: Clip, of: (row: Recording) => boolean): Promise<Recording> {
  return eventually(
    () => api.get<Recording>(`/recordings/${recording}`).catch(() => null),
    (row) => row !== null && of(row),
  ) as Promise<Recording>;
}

const isLost = ({ state }: Recording) => state === 'lost';

test('a clip whose loss is all that its terminal tells of it has a row, with why and what is known', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const [known, unknown] = [makeClip(1), makeClip(1)];
  const startedAt = '2026-11-20T10:00:00.000+08:00';
  const service = crypto.randomUUID();
  const lost = {
    clerk: 'C0017',
    service,
    recording: known.recording,
    startedAt,
    durationMs: 90_000,
    why: 'unreadable',
  };
  await terminal.publish('manyi.recording.lost.v1', lost);
  await terminal.publish('manyi.recording.lost.v1', { clerk: null, recording: unknown.recording, why: 'moved' });
  const place = { site: 'main-hall', terminal: 'terminal-1', counter: 'counter-1', held: false };
  const untold = { bytes: null, sha256: null, pressedAtMs: null, peak: null };
  const row = await rowOf(studio, known, isLost);
  expect(row).toMatchObject({
    ...place,
    ...untold,
    clerk: 'C0017',
    service,
    startedAt,
    durationMs: 90_000,
    fault: 'unreadable',
  });
  expect(Math.abs(Date.parse(row.faultAt ?? '') - Date.now())).toBeLessThan(60_000);
  expect(await rowOf(studio, unknown, isLost)).toMatchObject({
    ...place,
    ...untold,
    clerk: null,
    durationMs: null,
    fault: 'moved',
  });
  await expect(studio.api.post(`/recordings/${known.recording}/deletion`, { reason: 'tidy' })).rejects.toThrow(
    /409.*nothing to delete/,
  );
  expect((await studio.hear(known.recording)).status).toBe(410);
  expect((await studio.ask(`/recordings/${known.recording}/waveform`)).status).toBe(200);
  await expect(terminal.send(known, { retryDelays: null })).rejects.toThrow(/410/);
  // What was missing meanwhile comes late: it says more of the clip, and nothing else of what became of it.
  await terminal.tell({ ...unknown, durationMs: 1500 }, { at: Date.parse(startedAt) });
  const told = await rowOf(studio, unknown, ({ bytes }) => bytes !== null);
  expect(told).toMatchObject({
    state: 'lost',
    fault: 'moved',
    startedAt,
    durationMs: 1500,
    bytes: unknown.bytes.length,
  });
});

test('a loss is counted on the day that it was told, however old the clip is, and found by that', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const [old, older] = [makeClip(1), makeClip(1)];
  await terminal.tell(old, { at: Date.now() - 7 * dayMs });
  const lost = { clerk: 'C0017', why: 'no-room', startedAt: new Date(Date.now() - 9 * dayMs).toISOString() };
  for (const { recording } of [old, older]) await terminal.publish('manyi.recording.lost.v1', { ...lost, recording });
  for (const clip of [old, older]) await rowOf(studio, clip, isLost);
  const faults = (since: string) => studio.api.get<RecordingFaults>(`/recordings/faults?site=main-hall&since=${since}`);
  expect(await faults(today())).toEqual({ lost: 2, damaged: 0 });
  expect(await faults(encodeURIComponent(new Date(Date.now() + dayMs).toISOString()))).toEqual({ lost: 0, damaged: 0 });
  const found = async (query: string) =>
    (await studio.api.get<{ items: Recording[] }>(`/recordings?site=main-hall&${query}`)).items.map(
      ({ recording }) => recording,
    );
  expect(await found(`state=lost&faultFrom=${today()}`)).toEqual([old.recording, older.recording]);
  expect(await found(`from=${today()}`)).toEqual([]);
  await expect(studio.api.get('/recordings/faults?site=nowhere&since=2026-01-01')).rejects.toThrow(/404/);
  await expect(studio.api.get('/recordings/faults?site=main-hall&since=yesterday')).rejects.toThrow(/400/);
});

test('what had come of a clip that its terminal then lost is thrown away', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const clip = makeNoise(6, 64);
  await terminal.tell(clip);
  const proxy = await startCuttingProxy(studio.url, () => ({ up: 9000, stall: true }));
  void terminal.send(clip, { through: proxy.url, retryDelays: null }).catch(() => {});
  const file = join(studio.folder, 'incoming', `${clip.recording}.part`);
  await eventually(
    async () => existsSync(file),
    (is) => is,
  );
  await terminal.publish('manyi.recording.lost.v1', { clerk: 'C0017', recording: clip.recording, why: 'no-room' });
  await eventually(
    async () => existsSync(file),
    (is) => !is,
  );
});

test('a terminal with another name says that it lost what it was not recorded for: only that is believed of another’s clips', async () => {
  const studio = await openStudio();
  const [first, second] = [await studio.terminal(1), await studio.terminal(2)];
  const [moved, other] = [makeClip(1), makeClip(1)];
  for (const clip of [moved, other]) await first.tell(clip);
  await second.publish('manyi.recording.lost.v1', { clerk: 'C0017', recording: other.recording, why: 'no-room' });
  await second.publish('manyi.recording.lost.v1', { clerk: 'C0017', recording: moved.recording, why: 'moved' });
  expect(await rowOf(studio, moved, isLost)).toMatchObject({ terminal: 'terminal-1', fault: 'moved' });
  expect((await studio.api.get<Recording>(`/recordings/${other.recording}`)).state).toBe('announced');
});

test('what a terminal still had is lost when it is removed, and comes after all when that terminal is enrolled again', async () => {
  const studio = await openStudio();
  const [first, second] = [await studio.terminal(1), await studio.terminal(2)];
  const [here, there, other] = [makeClip(1), makeClip(1), makeClip(1)];
  for (const clip of [here, there]) await first.tell(clip);
  await second.tell(other);
  await first.send(here);
  await studio.api.call('DELETE', '/terminals/terminal-1');
  expect(await rowOf(studio, there, isLost)).toMatchObject({ terminal: 'terminal-1', fault: 'removed' });
  for (const [clip, state] of [
    [here, 'stored'],
    [other, 'announced'],
  ] as const)
    expect((await studio.api.get<Recording>(`/recordings/${clip.recording}`)).state).toBe(state);
  expect(await studio.api.get(`/recordings/faults?site=main-hall&since=${today()}`)).toMatchObject({ lost: 1 });
  const back = await studio.terminal(1);
  await back.send(there);
  expect(await rowOf(studio, there, ({ state }) => state === 'stored')).toMatchObject({ fault: null });
});
