import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '@manyi/agent/recording/clips/facts';
import { recordingPolicy } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { find } from '../../firmware/likeness.ts';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { enrolledIn } from '../lone-terminal.ts';
import {
  clipsIn,
  decoded,
  folderOf,
  grown,
  hears,
  learntMs,
  openBooth,
  samplesIn,
  soundFile,
  speech,
  startAgent,
  told,
} from './booth.ts';

/** What the microphone hears in the time of these tests, to look for a clip in it. */
const heard = Buffer.concat([speech, speech]).subarray(0, 2 * 16_000 * 12);

/** The processes that code for this one. */
function coders(): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' }).trim().split('\n');
  const all = lines.map((line) => line.trim().split(/\s+/));
  return all
    .filter(([, parent, name]) => Number(parent) === process.pid && name === 'opusenc')
    .map(([pid]) => Number(pid));
}

test('killed in the middle of a clip, the terminal mends it at its next start, and records the rest', async () => {
  const folder = temporaryFolder();
  enrolledIn(folder, 'called', recordingPolicy.parse({ record: 'service' }));
  const first = await startAgent(folder);
  await first.counter.shows((view) => view.recording);
  await first.counter.does({ type: 'next' });
  await grown(folder, 4096);
  await first.program.kill();
  const [cut] = clipsIn(folder);
  expect(cut).toMatchObject({ state: 'recording', durationMs: 0 });

  const second = await startAgent(folder);
  await second.counter.shows((view) => view.recording);
  await eventually(
    async () => clipsIn(folder).map(({ state }) => state),
    (states) => states.join() === 'announced,recording',
  );
  await second.counter.does({ type: 'press', level: 'average' });
  await second.counter.does({ type: 'end' });
  await eventually(
    async () => clipsIn(folder).map(({ state }) => state),
    (states) => states.join() === 'announced,announced',
  );
  expect(await second.program.stop()).toBe(0);

  const [mended, rest] = clipsIn(folder);
  if (mended === undefined || rest === undefined) throw new Error('no clips');
  expect(mended).toMatchObject({ recording: cut?.recording, service: rest.service, repaired: true });
  expect(rest).toMatchObject({ repaired: false, rated: 'neutral' });
  expect(mended.durationMs).toBe(Math.round(samplesIn(soundFile(folder, mended)) / 16));
  expect(mended.bytes).toBe(statSync(soundFile(folder, mended)).size);
  expect(find(decoded(soundFile(folder, mended)), heard).likeness).toBeGreaterThan(0.9);
  expect(told(folder, 'recording.made').map(({ data }) => data['repaired'])).toEqual([true, false]);
});

test('a coder that is killed costs no sound: the clip ends with its last page, and another goes on from there', async () => {
  const booth = await openBooth();
  const { terminal, folder } = booth;
  const before = new Set(coders());
  await hears(booth, 0.3);
  await terminal.input({ type: 'next' });
  await grown(folder, 4096);
  for (const coder of coders().filter((pid) => !before.has(pid))) process.kill(coder, 'SIGKILL');
  await booth.until((clips) => clips.map(({ state }) => state).join() === 'announced,recording');
  await hears(booth, 0.5);
  await terminal.input({ type: 'press', level: 'satisfied' });
  await terminal.input({ type: 'end' });
  const [one, other] = await booth.until((clips) => clips.map(({ state }) => state).join() === 'announced,announced');
  await terminal.close();
  if (one === undefined || other === undefined) throw new Error('no clips');
  expect([one.repaired, other.repaired]).toEqual([true, false]);
  // What the first ends with, the second begins after.
  const samples = samplesIn(soundFile(folder, one));
  expect(Math.abs(one.startedAt + samples / 16 - other.startedAt)).toBeLessThan(learntMs);
  const [from, to] = [one, other].map((clip) => find(decoded(soundFile(folder, clip)), heard));
  expect(Math.min(Number(from?.likeness), Number(to?.likeness))).toBeGreaterThan(0.9);
  expect(to?.at).toBe(Number(from?.at) + samples);
  const changes = told(folder, 'terminal.changed').map(({ data }) => [data['part'], data['state']]);
  expect(changes).toEqual([
    ['recording', 'failed'],
    ['recording', 'restored'],
  ]);
});

/** A clip as an earlier run of a terminal has left it. */
async function leftBehind(): Promise<{ folder: string; clip: Facts }> {
  const booth = await openBooth();
  await hears(booth, 0.3);
  await booth.terminal.input({ type: 'next' });
  await hears(booth, 0.5);
  await booth.terminal.input({ type: 'press', level: 'dissatisfied' });
  await booth.terminal.input({ type: 'end' });
  const [clip] = await booth.until((clips) => clips[0]?.state === 'announced');
  await booth.terminal.close();
  if (clip === undefined) throw new Error('no clip');
  return { folder: booth.folder, clip };
}

const sidecar = (folder: string, clip: Facts) => join(folderOf(folder), `${clip.recording}.json`);

/** What a terminal has told of recordings since, in its next run on the folder. */
async function nextRun(folder: string, isDone: (clips: Facts[]) => boolean) {
  const before = told(folder, 'recording.made').length;
  const again = await openBooth({ folder, policy: { record: 'off' } });
  await again.until(isDone);
  await again.terminal.close();
  return { made: told(folder, 'recording.made').slice(before), lost: told(folder, 'recording.lost') };
}

test('killed before the hub was told, it is told once more', async () => {
  const { folder, clip } = await leftBehind();
  writeFileSync(sidecar(folder, clip), JSON.stringify({ ...clip, state: 'waiting' }));
  const { made, lost } = await nextRun(folder, (clips) => clips[0]?.state === 'announced');
  expect(made).toMatchObject([{ data: { recording: clip.recording, sha256: clip.sha256, repaired: false } }]);
  expect(lost).toEqual([]);
});

test.each([
  ['without a page of sound', (file: string) => truncateSync(file, 600)],
  ['without any sound', (file: string) => rmSync(file)],
])('a clip that a failure has left %s is told as lost', async (_what, spoil) => {
  const { folder, clip } = await leftBehind();
  spoil(soundFile(folder, clip));
  writeFileSync(sidecar(folder, clip), JSON.stringify({ ...clip, state: 'recording', durationMs: 0 }));
  const { made, lost } = await nextRun(folder, (clips) => clips.length === 0);
  expect(made).toEqual([]);
  expect(lost).toMatchObject([{ data: { recording: clip.recording, service: clip.service, why: 'unreadable' } }]);
  expect(readdirSync(folderOf(folder))).toEqual([]);
});

test('a broken file beside the sound is put aside: its older copy takes its place, and without one the sound tells what it can', async () => {
  const { folder, clip } = await leftBehind();
  writeFileSync(sidecar(folder, clip), '{"shape":');
  const found = await nextRun(folder, (clips) => clips[0]?.state === 'announced');
  expect(found).toMatchObject({ made: [{ data: { recording: clip.recording, sha256: clip.sha256 } }], lost: [] });
  expect(readdirSync(folderOf(folder)).filter((name) => name.includes('.broken-')).length).toBe(1);

  const forgets = () => {
    writeFileSync(sidecar(folder, clip), readFileSync(soundFile(folder, clip)).subarray(0, 400));
    rmSync(`${sidecar(folder, clip)}.previous`, { force: true });
  };
  forgets();
  const { made, lost } = await nextRun(folder, (clips) => clips[0]?.state === 'announced');
  expect(lost).toEqual([]);
  const { recording, sha256, bytes, durationMs } = clip;
  const known = { recording, sha256, bytes, durationMs, repaired: true };
  expect(made).toMatchObject([{ data: { ...known, service: null, clerk: null, pressedAtMs: null, peak: null } }]);
  expect(clipsIn(folder)).toMatchObject([{ rated: 'unknown' }]);
  // The coder writes its last page a moment after the last sample.
  expect(Math.abs(Number(made[0]?.happened) - clip.startedAt)).toBeLessThan(2_000);

  forgets();
  truncateSync(soundFile(folder, clip), 600);
  const last = await nextRun(folder, (clips) => clips.length === 0);
  expect(last.lost).toMatchObject([{ data: { recording, why: 'unreadable', startedAt: null, durationMs: null } }]);
  const failures = told(folder, 'terminal.changed').filter(({ data }) => data['part'] === 'state');
  expect(failures.length).toBe(6);
});

test('sound of which nothing is known is the rest of a deleted clip, and goes', async () => {
  const folder = temporaryFolder();
  mkdirSync(folderOf(folder), { recursive: true });
  writeFileSync(join(folderOf(folder), '01a20368-5da2-7543-8d16-9d7355211176.opus'), 'sound');
  writeFileSync(join(folderOf(folder), 'readme.txt'), 'not ours');
  const { lost } = await nextRun(enrolledIn(folder), () => true);
  expect(lost).toEqual([]);
  expect(readdirSync(folderOf(folder))).toEqual(['readme.txt']);
});

test('what cannot even be read is told, and keeps no terminal from starting', async () => {
  const folder = temporaryFolder();
  const name = '01a20368-5da2-7543-8d16-9d7355211176';
  mkdirSync(join(folderOf(folder), `${name}.json`), { recursive: true });
  await nextRun(enrolledIn(folder), () => true);
  const [change] = told(folder, 'terminal.changed').filter(({ data }) => data['part'] === 'state');
  expect(change?.data['detail']).toMatch(`the clip ${name} cannot be read: EISDIR`);
});
