import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording, RecordingFaults, RecordingsState } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Clip, makeClip } from './clips.ts';
import { startStorage, startWarden } from './storage.ts';
import { openStudio, type Studio } from './studio.ts';

/** A round of the patrol, in milliseconds. */
const roundMs = 200;

const stateOf = ({ api }: Studio) => api.get<RecordingsState>('/recordings/state');
const fileIn = ({ folder }: Studio, { recording }: Clip) =>
  join(folder, 'recordings', recording.slice(-2), `${recording}.clip`);

function becomes({ api }: Studio, { recording }: Clip, state: string): Promise<Recording> {
  return eventually(
    () => api.get<Recording>(`/recordings/${recording}`),
    (row) => row.state === state,
  );
}

test('damage is found though nobody plays the clip, and what is put back is found too', async () => {
  const studio = await openStudio({ settings: { keyFile: null, bucket: null, roundMs } });
  const terminal = await studio.terminal();
  const [changed, gone, whole] = [makeClip(), makeClip(), makeClip()];
  for (const clip of [changed, gone, whole]) {
    await terminal.tell(clip);
    await terminal.send(clip);
  }
  const copies = [changed, gone].map((clip) => [fileIn(studio, clip), join(studio.folder, clip.recording)] as const);
  for (const [file, copy] of copies) copyFileSync(file, copy);
  const stored = readFileSync(fileIn(studio, changed));
  stored[1000] = (stored[1000] ?? 0) ^ 1;
  writeFileSync(fileIn(studio, changed), stored);
  rmSync(fileIn(studio, gone));
  expect(await becomes(studio, changed, 'damaged')).toMatchObject({ fault: 'changed' });
  expect(await becomes(studio, gone, 'damaged')).toMatchObject({ fault: 'missing' });
  const faults = () => studio.api.get<RecordingFaults>('/recordings/faults?site=main-hall&since=2026-01-01');
  expect(await faults()).toEqual({ lost: 0, damaged: 2 });
  expect((await stateOf(studio)).stored).toBe(1);
  for (const [file, copy] of copies) renameSync(copy, file);
  for (const clip of [changed, gone]) expect(await becomes(studio, clip, 'stored')).toMatchObject({ fault: null });
  expect(await faults()).toEqual({ lost: 0, damaged: 0 });
  // What it read is nobody's play.
  expect((await studio.api.get<{ items: unknown[] }>('/audit')).items).toEqual([]);
});

test('a round says since when all was read; one that the storage did not let through says nothing', async () => {
  const warden = await startWarden(await startStorage(temporaryFolder()));
  const studio = await openStudio({ settings: { ...warden.settings, roundMs } });
  const terminal = await studio.terminal();
  const clip = makeClip();
  await terminal.tell(clip);
  await terminal.send(clip);
  const verified = async () => Date.parse((await stateOf(studio)).verifiedSince ?? '1970-01-01');
  const begun = Date.now();
  const once = await eventually(verified, (since) => since >= begun);
  await eventually(verified, (since) => since > once);
  warden.refuse('GET');
  await eventually(
    async () => studio.lines.join(),
    (lines) => lines.includes('could not be read to verify it'),
  );
  // Nothing is wrong with the clip.
  expect((await studio.api.get<Recording>(`/recordings/${clip.recording}`)).state).toBe('stored');
  expect((await stateOf(studio)).trouble).toBe('storage');
});
