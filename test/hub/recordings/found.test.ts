import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AuditEntry } from '@manyi/config/audit';
import type { Recording, RecordingsState, Waveform } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Clip, makeClip } from './clips.ts';
import { startStorage } from './storage.ts';
import { openStudio, type Studio, type Teller } from './studio.ts';

const stateOf = ({ api }: Studio) => api.get<RecordingsState>('/recordings/state');

function rowOf({ api }: Studio, { recording }: Clip, of: (row: Recording) => boolean): Promise<Recording> {
  return eventually(
    () => api.get<Recording>(`/recordings/${recording}`).catch(() => null),
    (row) => row !== null && of(row),
  ) as Promise<Recording>;
}

const isStored = ({ state }: Recording) => state === 'stored';

async function heard(studio: Studio, { recording }: Clip): Promise<Buffer> {
  return Buffer.from(await (await studio.hear(recording)).arrayBuffer());
}

const fileIn = ({ folder }: Studio, { recording }: Clip) =>
  join(folder, 'recordings', recording.slice(-2), `${recording}.clip`);

/** What the hub knows now, to be put back later. The hub is closed for that. */
async function backUp(studio: Studio): Promise<Studio> {
  await studio.close();
  copyFileSync(join(studio.folder, 'hub.db'), join(studio.folder, 'copy.db'));
  return studio.again();
}

async function putBack(studio: Studio): Promise<Studio> {
  await studio.close();
  for (const rest of ['hub.db-wal', 'hub.db-shm']) rmSync(join(studio.folder, rest), { force: true });
  copyFileSync(join(studio.folder, 'copy.db'), join(studio.folder, 'hub.db'));
  return studio.again();
}

async function bring(terminal: Teller, clip: Clip): Promise<void> {
  await terminal.tell(clip, { level: 'dissatisfied', data: { pressedAtMs: 700, speechShare: 0.4 } });
  await terminal.send(clip);
}

test.each(['folder', 's3'])('an older database finds again what came after it (%s)', async (kind) => {
  const settings = kind === 's3' ? (await startStorage(temporaryFolder())).settings : undefined;
  const first = await openStudio(settings === undefined ? {} : { settings });
  const terminal = await first.terminal();
  const [told, untold] = [makeClip(), makeClip(1)];
  await terminal.tell(told);
  const second = await backUp(first);
  // The credential lies in that database too.
  await terminal.send(told, { through: second.url });
  const again = await second.terminal(2);
  await bring(again, untold);
  const row = await rowOf(second, untold, isStored);
  const third = await putBack(second);
  // It was on its way in that database, and had come.
  expect(await rowOf(third, told, isStored)).toMatchObject({ held: false, fault: null });
  // That one has never heard of the other: all that its terminal told of the sound is there again, and nothing deletes it unasked.
  expect(await rowOf(third, untold, isStored)).toEqual({ ...row, level: null, case: null, held: true });
  for (const clip of [told, untold]) expect((await heard(third, clip)).equals(clip.bytes)).toBe(true);
  await eventually(
    () => third.api.get<Waveform>(`/recordings/${untold.recording}/waveform`),
    ({ peaks }) => peaks !== null,
  );
  const audit = await third.api.get<{ items: AuditEntry[] }>(
    `/audit?recording=${untold.recording}&what=recording.hold`,
  );
  expect(audit.items).toMatchObject([{ who: 'hub', clerk: 'C0017', site: 'main-hall' }]);
  expect(await stateOf(third)).toMatchObject({ works: true, stored: 2, trouble: null });
});

test('a clip that its terminal lost, or was removed with, is there when it had come before', async () => {
  const first = await openStudio();
  const terminal = await first.terminal();
  const [moved, removed] = [makeClip(1), makeClip(1)];
  for (const clip of [moved, removed]) await terminal.tell(clip);
  const second = await backUp(first);
  for (const clip of [moved, removed]) await terminal.send(clip, { through: second.url });
  await second.close();
  const aside = join(second.folder, 'aside');
  renameSync(join(second.folder, 'recordings'), aside);
  const third = await putBack(second);
  await third.api.call('DELETE', '/terminals/terminal-1');
  await rowOf(third, removed, ({ state }) => state === 'lost');
  await third.close();
  rmSync(join(third.folder, 'recordings'), { recursive: true, force: true });
  renameSync(aside, join(third.folder, 'recordings'));
  const fourth = await third.again();
  for (const clip of [moved, removed]) {
    expect(await rowOf(fourth, clip, isStored)).toMatchObject({ fault: null, faultAt: null });
    expect((await heard(fourth, clip)).equals(clip.bytes)).toBe(true);
  }
});

test('sound of a deleted clip that lies there again is taken away again, and the audit log says so', async () => {
  const studio = await openStudio();
  const clip = makeClip(1);
  await bring(await studio.terminal(), clip);
  const copy = readFileSync(fileIn(studio, clip));
  await studio.api.post(`/recordings/${clip.recording}/deletion`, { reason: 'wish of the customer' });
  writeFileSync(fileIn(studio, clip), copy);
  const again = await studio.again();
  await eventually(
    async () => existsSync(fileIn(again, clip)),
    (is) => !is,
  );
  expect((await rowOf(again, clip, ({ state }) => state === 'deleted')).held).toBe(false);
  const { items } = await again.api.get<{ items: AuditEntry[] }>(
    `/audit?recording=${clip.recording}&what=recording.delete`,
  );
  expect(items.map(({ who }) => who)).toEqual(['hub', 'admin']);
});

test('what nobody can say anything of stays where it lies, and is told of until it is moved away', async () => {
  const studio = await openStudio({ settings: { keyFile: null, bucket: null, roundMs: 200 } });
  const clip = makeClip(1);
  await bring(await studio.terminal(), clip);
  // A clip of another hub, under a name that this one does not know; and what is no clip at all.
  const other = { ...clip, recording: crypto.randomUUID() };
  mkdirSync(dirname(fileIn(studio, other)), { recursive: true });
  copyFileSync(fileIn(studio, clip), fileIn(studio, other));
  writeFileSync(join(studio.folder, 'recordings', 'README'), 'not ours');
  // What a killed hub had not finished.
  const unfinished = `${fileIn(studio, clip)}.part`;
  writeFileSync(unfinished, readFileSync(fileIn(studio, clip)).subarray(0, 400));
  const again = await studio.again();
  const state = await eventually(
    () => stateOf(again),
    ({ trouble }) => trouble !== null,
  );
  expect(state).toMatchObject({ trouble: 'unclaimed', stored: 1 });
  expect(state.why).toMatch(/no entry of the database is about \(files: 1\): put the database back/);
  expect(again.lines.join()).toContain(`${other.recording}.clip`);
  expect(existsSync(fileIn(again, other))).toBe(true);
  expect(existsSync(unfinished)).toBe(false);
  expect((await heard(again, clip)).equals(clip.bytes)).toBe(true);
  rmSync(fileIn(again, other));
  await eventually(
    () => stateOf(again),
    ({ trouble }) => trouble === null,
  );
});
