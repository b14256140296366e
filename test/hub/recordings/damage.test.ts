import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Recording, RecordingFaults, RecordingsState, Waveform } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Clip, clipOf, makeClip, makeNoise } from './clips.ts';
import { fileOf, startStorage, startWarden } from './storage.ts';
import { openStudio, type Studio, type Teller } from './studio.ts';

const rowOf = ({ api }: Studio, { recording }: Clip) => api.get<Recording>(`/recordings/${recording}`);
const stateOf = ({ api }: Studio) => api.get<RecordingsState>('/recordings/state');
const check = ({ api }: Studio, { recording }: Clip) => api.post<Recording>(`/recordings/${recording}/check`, {});

async function faults({ api }: Studio): Promise<RecordingFaults> {
  return api.get<RecordingFaults>('/recordings/faults?site=main-hall&since=2026-01-01');
}

async function bring(terminal: Teller, clip: Clip): Promise<Clip> {
  await terminal.tell(clip, { level: 'dissatisfied' });
  await terminal.send(clip);
  return clip;
}

async function heard(studio: Studio, { recording }: Clip, headers: Record<string, string> = {}): Promise<Buffer> {
  const answer = await studio.hear(recording, headers);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

test('a clip that was changed where it is kept is a damaged one, until it is put back', async () => {
  const studio = await openStudio();
  const clip = await bring(await studio.terminal(), makeNoise(12, 256));
  const whole = await bring(await studio.terminal(2), makeClip());
  const file = join(studio.folder, 'recordings', clip.recording.slice(-2), `${clip.recording}.clip`);
  const copy = join(studio.folder, 'copy');
  copyFileSync(file, copy);
  const stored = readFileSync(file);
  stored[200_000] = (stored[200_000] ?? 0) ^ 1;
  writeFileSync(file, stored);
  await expect(heard(studio, clip)).rejects.toThrow();
  const row = await rowOf(studio, clip);
  expect(row).toMatchObject({ state: 'damaged', fault: 'changed' });
  expect(row.faultAt).not.toBeNull();
  expect(await faults(studio)).toEqual({ lost: 0, damaged: 1 });
  expect(await stateOf(studio)).toMatchObject({ works: true, trouble: null, stored: 1, bytes: whole.bytes.length });
  // What comes before the change can be heard; asking right for what was changed is refused before anything is sent.
  expect((await heard(studio, clip, { range: 'bytes=0-100000' })).equals(clip.bytes.subarray(0, 100_001))).toBe(true);
  await expect(heard(studio, clip, { range: 'bytes=199000-' })).rejects.toThrow(/409 .*recording-damaged/);
  expect(await check(studio, clip)).toEqual(row);
  renameSync(copy, file);
  expect(await check(studio, clip)).toMatchObject({ state: 'stored', fault: null, faultAt: null });
  expect((await heard(studio, clip)).equals(clip.bytes)).toBe(true);
  expect(await faults(studio)).toEqual({ lost: 0, damaged: 0 });
  expect((await stateOf(studio)).stored).toBe(2);
});

test.each([0n, 65_536n, 1_000_000_000n])(
  'a clip whose file says that it is %i bytes long is a damaged one',
  async (length) => {
    const studio = await openStudio();
    const clip = await bring(await studio.terminal(), makeNoise(12, 256));
    const file = join(studio.folder, 'recordings', clip.recording.slice(-2), `${clip.recording}.clip`);
    const stored = readFileSync(file);
    stored.writeBigUInt64BE(length, 8);
    writeFileSync(file, stored);
    expect(await check(studio, clip)).toMatchObject({ state: 'damaged', fault: 'changed' });
    for (const range of ['bytes=0-', 'bytes=199000-']) {
      await expect(heard(studio, clip, { range })).rejects.toThrow(/409 .*recording-damaged/);
    }
  },
);

/** What can be done to a stored clip of four pieces of 64 KiB and their tags, after a head of 48 bytes; `other` is one like it. */
const [head, piece] = [48, 65_536 + 16];
const from = (file: Buffer, number: number) => file.subarray(head + number * piece, head + (number + 1) * piece);
const tamperings: [string, (file: Buffer, other: Buffer) => Buffer][] = [
  [
    'two pieces changed places',
    (file) => Buffer.concat([file.subarray(0, head), from(file, 1), from(file, 0), from(file, 2), from(file, 3)]),
  ],
  [
    'a piece stands twice',
    (file) => Buffer.concat([file.subarray(0, head), from(file, 0), from(file, 0), file.subarray(head + 2 * piece)]),
  ],
  ['its last piece is missing', (file) => file.subarray(0, head + 3 * piece)],
  ['its last byte is missing', (file) => file.subarray(0, -1)],
  ['another clip of its terminal lies in its place', (_, other) => other],
  ['it has the head of another', (file, other) => Buffer.concat([other.subarray(0, head), file.subarray(head)])],
  [
    'it has a piece of another',
    (file, other) => Buffer.concat([file.subarray(0, head + piece), from(other, 1), file.subarray(head + 2 * piece)]),
  ],
];

test('what was changed in any other way is a damaged one too', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const sound = (bytes: Buffer) => clipOf(Buffer.concat([bytes.subarray(0, 60), randomBytes(200_000)]), 2000);
  const [clip, other] = [sound(makeClip().bytes), sound(makeClip().bytes)];
  for (const one of [clip, other]) await bring(terminal, one);
  const fileIn = ({ recording }: Clip) => join(studio.folder, 'recordings', recording.slice(-2), `${recording}.clip`);
  const [own, others] = [readFileSync(fileIn(clip)), readFileSync(fileIn(other))];
  const found: Record<string, unknown> = {};
  for (const [what, change] of tamperings) {
    writeFileSync(fileIn(clip), change(own, others));
    found[what] = (await check(studio, clip)).fault;
    writeFileSync(fileIn(clip), own);
    found[`${what}, and is put back`] = (await check(studio, clip)).fault;
  }
  const expected = tamperings.flatMap(([what]) => [
    [what, 'changed'],
    [`${what}, and is put back`, null],
  ]);
  expect(found).toEqual(Object.fromEntries(expected));
});

test('one clip that is missing is no fault of the storage, and is deleted in the end', async () => {
  const folder = temporaryFolder();
  const studio = await openStudio({ settings: (await startStorage(folder)).settings });
  const terminal = await studio.terminal();
  const [gone, cut, whole] = [makeClip(), makeClip(), makeClip()];
  for (const clip of [gone, cut, whole]) await bring(terminal, clip);
  rmSync(fileOf(folder, gone.recording));
  const file = fileOf(folder, cut.recording);
  writeFileSync(file, readFileSync(file).subarray(0, 48));
  await expect(heard(studio, gone)).rejects.toThrow(/409 .*recording-damaged/);
  await expect(heard(studio, gone, { accept: 'audio/mp4' })).rejects.toThrow(/409 .*recording-damaged/);
  await expect(heard(studio, cut)).rejects.toThrow(/409 .*recording-damaged/);
  expect(await rowOf(studio, gone)).toMatchObject({ state: 'damaged', fault: 'missing' });
  expect(await rowOf(studio, cut)).toMatchObject({ state: 'damaged', fault: 'changed' });
  expect(await stateOf(studio)).toMatchObject({ works: true, trouble: null });
  const damaged = await studio.api.get<{ items: Recording[] }>('/recordings?site=main-hall&state=damaged');
  expect(damaged.items.map(({ recording }) => recording).toSorted()).toEqual(
    [gone.recording, cut.recording].toSorted(),
  );
  expect((await heard(studio, whole)).equals(whole.bytes)).toBe(true);
  await studio.api.post(`/recordings/${gone.recording}/deletion`, { reason: 'lost with the old disk' });
  expect((await rowOf(studio, gone)).state).toBe('deleted');
});

test('the only clip is not deleted while its folder is away, nor after that is anything put where it was', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const [clip, next] = [await bring(terminal, makeClip(1)), makeClip(1)];
  await terminal.tell(next);
  await studio.close();
  const [folder, elsewhere] = [join(studio.folder, 'recordings'), join(studio.folder, 'elsewhere')];
  renameSync(folder, elsewhere);
  const again = await studio.again();
  const remove = () => again.api.post(`/recordings/${clip.recording}/deletion`, { reason: 'wish of the customer' });
  await remove();
  expect((await rowOf(again, clip)).state).toBe('deleting');
  await expect(terminal.send(next, { through: again.url, retryDelays: null })).rejects.toThrow(/503/);
  rmSync(folder, { recursive: true, force: true });
  renameSync(elsewhere, folder);
  await remove();
  expect((await rowOf(again, clip)).state).toBe('deleted');
});

test.each([
  ['is not there', () => {}],
  ['is empty, as where its disk is not mounted', mkdirSync],
])('a folder of clips that %s is no clips that are missing, and none are put into another', async (_, leave) => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const [clip, unwanted] = [await bring(terminal, makeClip(1)), await bring(terminal, makeClip(1))];
  const next = makeClip(1);
  await terminal.tell(next);
  await studio.close();
  const [folder, elsewhere] = [join(studio.folder, 'recordings'), join(studio.folder, 'elsewhere')];
  renameSync(folder, elsewhere);
  leave(folder);
  const again = await studio.again();
  await expect(heard(again, clip)).rejects.toThrow(/503 .*storage of the recordings fails: .*none of the recordings/);
  await expect(terminal.send(next, { through: again.url, retryDelays: null })).rejects.toThrow(/503/);
  expect((await rowOf(again, clip)).state).toBe('stored');
  expect((await stateOf(again)).trouble).toBe('storage');
  const remove = () => again.api.post(`/recordings/${unwanted.recording}/deletion`, { reason: 'wish of the customer' });
  await remove();
  expect((await rowOf(again, unwanted)).state).toBe('deleting');
  rmSync(folder, { recursive: true, force: true });
  renameSync(elsewhere, folder);
  await eventually(
    () => stateOf(again),
    ({ trouble }) => trouble === null,
  );
  await remove();
  expect((await rowOf(again, unwanted)).state).toBe('deleted');
  await terminal.send(next, { through: again.url });
  for (const one of [clip, next]) expect((await heard(again, one)).equals(one.bytes)).toBe(true);
});

test('what the storage does not do is said until it does that again, whatever else goes well', async () => {
  const folder = temporaryFolder();
  const warden = await startWarden(await startStorage(folder));
  const studio = await openStudio({ settings: warden.settings });
  const terminal = await studio.terminal();
  const [first, second] = [await bring(terminal, makeClip()), makeClip()];
  const troubleIs = (trouble: string | null) =>
    eventually(
      () => stateOf(studio),
      (now) => now.trouble === trouble,
    );

  warden.refuse('PUT');
  await terminal.tell(second);
  await expect(terminal.send(second, { retryDelays: null })).rejects.toThrow(/503/);
  expect((await troubleIs('storage-writes')).why).toMatch(/takes nothing \(.*Access Denied.*\): see that it has room/);
  expect((await heard(studio, first)).equals(first.bytes)).toBe(true);
  expect((await stateOf(studio)).trouble).toBe('storage-writes');
  warden.refuse();
  await troubleIs(null);
  await terminal.send(second);

  warden.refuse('GET');
  await expect(heard(studio, first)).rejects.toThrow(/503 .*storage of the recordings fails: .*Access Denied/);
  expect((await rowOf(studio, first)).state).toBe('stored');
  await troubleIs('storage');
  warden.refuse();
  await troubleIs(null);

  warden.refuse('DELETE');
  await studio.api.post(`/recordings/${first.recording}/deletion`, { reason: 'wish of the customer' });
  expect((await rowOf(studio, first)).state).toBe('deleting');
  expect(existsSync(fileOf(folder, first.recording))).toBe(true);
  expect((await studio.hear(first.recording)).status).toBe(410);
  expect((await troubleIs('storage-deletes')).why).toMatch(/deletes nothing/);
  // However often it is looked whether that is mended, no more than one thing is left there.
  for (let times = 0; times < 5; times += 1) await stateOf(studio);
  const tried = readdirSync(join(folder, 'clips', 'check')).filter((name) => name.endsWith('_object'));
  expect(tried).toHaveLength(1);
  expect((await heard(studio, second)).equals(second.bytes)).toBe(true);
  warden.refuse();
  await studio.api.post(`/recordings/${first.recording}/deletion`, { reason: 'wish of the customer' });
  expect((await rowOf(studio, first)).state).toBe('deleted');
  expect(existsSync(fileOf(folder, first.recording))).toBe(false);
  await troubleIs(null);
});

test('an outline waits for the storage, and for ffmpeg; only a clip that is none has none for good', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const path = process.env['PATH'];
  const outlineOf = (clip: Clip) => studio.api.get<Waveform>(`/recordings/${clip.recording}/waveform`);
  const clip = makeClip();
  process.env['PATH'] = studio.folder;
  try {
    await bring(terminal, clip);
    const { failed } = await eventually(
      () => outlineOf(clip),
      (outline) => outline.failed !== null,
    );
    expect(failed).toBe('ffmpeg is not installed on the hub: apt install ffmpeg');
  } finally {
    process.env['PATH'] = path;
  }
  const noSound = clipOf(Buffer.concat([clip.bytes.subarray(0, 60), randomBytes(4000)]), 2000);
  await bring(terminal, noSound);
  await expect(heard(studio, noSound, { accept: 'audio/mp4' })).rejects.toThrow(
    /422 .*no AAC can be made of it: ffmpeg: /,
  );
  const again = await studio.again();
  await eventually(
    () => again.api.get<Waveform>(`/recordings/${clip.recording}/waveform`),
    ({ peaks }) => peaks !== null,
  );
  const forGood = () => again.api.get<Waveform>(`/recordings/${noSound.recording}/waveform`);
  expect((await eventually(forGood, ({ failed }) => failed !== null)).failed).toMatch(/^ffmpeg: /);
});

test('a clip whose terminal told of a length beyond all sense keeps no other from its outline', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  await bring(terminal, { ...makeClip(1), durationMs: 10 ** 12 });
  const clip = await bring(terminal, makeClip(1));
  await eventually(
    () => studio.api.get<Waveform>(`/recordings/${clip.recording}/waveform`),
    ({ peaks }) => peaks !== null,
  );
});

test('a clip that alone cannot be read keeps no other from its outline', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const [unreadable, clip] = [makeClip(1), makeClip(1)].toSorted((one, other) =>
    one.recording < other.recording ? -1 : 1,
  ) as [Clip, Clip];
  const path = process.env['PATH'];
  process.env['PATH'] = studio.folder;
  try {
    for (const one of [unreadable, clip]) await bring(terminal, one);
    await studio.close();
  } finally {
    process.env['PATH'] = path;
  }
  const { recording } = unreadable;
  const file = join(studio.folder, 'recordings', recording.slice(-2), `${recording}.clip`);
  rmSync(file);
  symlinkSync(file, file);
  const again = await studio.again();
  const outlineOf = ({ recording }: Clip) => again.api.get<Waveform>(`/recordings/${recording}/waveform`);
  await eventually(
    () => outlineOf(clip),
    ({ peaks }) => peaks !== null,
  );
  expect((await outlineOf(unreadable)).peaks).toBeNull();
});
