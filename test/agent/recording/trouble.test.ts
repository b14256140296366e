import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createGaps } from '@manyi/agent/recording/capture/gaps';
import { createMicrophonePart } from '@manyi/agent/recording/capture/microphone-part';
import { createSilenceWatch, deafLine } from '@manyi/agent/recording/capture/silence';
import { createSpeechWatch } from '@manyi/agent/recording/capture/speech-watch';
import { recordingPolicy } from '@manyi/config/recordings';
import type { SimulatedMicrophone } from '@manyi/firmware/microphone/simulated';
import { bytesOf } from '@manyi/firmware/sound/format';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import type { Settings } from '../../support/process.ts';
import { stepUp } from '../../support/screen.ts';
import { enrolledIn } from '../lone-terminal.ts';
import {
  type Booth,
  clipsIn,
  folderOf,
  grown,
  hears,
  learntMs,
  openBooth,
  samplesIn,
  soundFile,
  startAgent,
  told,
} from './booth.ts';

/** What a closed terminal has told of one of its parts. */
const changesOf = (folder: string, part: string) =>
  told(folder, 'terminal.changed')
    .filter(({ data }) => data['part'] === part)
    .map(({ data }) => [data['state'], data['detail']]);

/** The compiled agent at a counter that records every service. */
async function startRecording(folder: string, more: Settings = {}) {
  enrolledIn(folder, 'called', recordingPolicy.parse({ record: 'service' }));
  const { program, counter } = await startAgent(folder, more);
  await counter.shows((view) => view.recording);
  return { program, counter };
}

const states = (folder: string) =>
  clipsIn(folder)
    .map(({ state }) => state)
    .join();
const until = (folder: string, wanted: string) =>
  eventually(
    async () => states(folder),
    (now) => now === wanted,
  );

test('without opusenc the counter says what to install and works on; once it is there, nothing of the service is missing', async () => {
  const [folder, programs] = [temporaryFolder(), temporaryFolder()];
  const { program, counter } = await startRecording(folder, { PATH: programs });
  await program.writes(/recording: opusenc is not installed: sudo apt install opus-tools/);
  expect(await counter.does({ type: 'next' })).toBe(true);
  await program.writes(/recording: opusenc is not installed/);
  symlinkSync(execFileSync('which', ['opusenc'], { encoding: 'utf8' }).trim(), join(programs, 'opusenc'));
  await eventually(
    async () => clipsIn(folder).some((clip) => existsSync(soundFile(folder, clip))),
    (isThere) => isThere,
  );
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(true);
  expect(await counter.does({ type: 'end' })).toBe(true);
  await until(folder, 'announced');
  await program.stop();
  const [clip] = clipsIn(folder);
  expect(clip?.startedAt).toBe(told(folder, 'service.started')[0]?.happened);
  expect(changesOf(folder, 'recording')).toEqual([
    ['failed', 'opusenc is not installed: sudo apt install opus-tools'],
    ['restored', 'it works again'],
  ]);
  expect(told(folder, 'recording.lost')).toEqual([]);
});

test('that opusenc is there after all is said without a customer', async () => {
  const [folder, programs] = [temporaryFolder(), temporaryFolder()];
  const { program } = await startRecording(folder, { PATH: programs });
  await program.writes(/recording: opusenc is not installed/);
  symlinkSync(execFileSync('which', ['opusenc'], { encoding: 'utf8' }).trim(), join(programs, 'opusenc'));
  await program.writes(/recording: it works again/);
});

test('a disk that fills up in the middle: what was coded is kept, and with room it goes on', async () => {
  const folder = temporaryFolder();
  const { program, counter } = await startRecording(folder);
  await counter.does({ type: 'next' });
  await grown(folder, 4096);
  const children = execFileSync('pgrep', ['-P', String(program.pid), 'opusenc'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  // A limit on the size of files is to a program what a full disk is: the next write fails.
  const limit = (bytes: string) => {
    for (const pid of [program.pid, ...children.map(Number)]) {
      if (existsSync(`/proc/${pid}`)) execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`]);
    }
  };
  limit('0');
  await program.writes(/recording: opusenc ended|recording: the disk of the data folder takes no recordings/);
  expect(await counter.does({ type: 'press', level: 'average' })).toBe(false);
  limit('unlimited');
  await until(folder, 'announced,recording');
  await eventually(
    async () => counter.does({ type: 'press', level: 'average' }),
    (kept) => kept,
  );
  await counter.does({ type: 'end' });
  await until(folder, 'announced,announced');
  expect(await program.stop()).toBe(0);
  const [first, second] = clipsIn(folder);
  expect([first?.repaired, second?.repaired]).toEqual([true, false]);
  for (const clip of clipsIn(folder)) expect(clip.durationMs).toBe(Math.round(samplesIn(soundFile(folder, clip)) / 16));
  // The coder and the disk may each be told of.
  const states = changesOf(folder, 'recording').map(([state]) => state);
  expect([new Set(states.slice(0, -1)), states.at(-1)]).toEqual([new Set(['failed']), 'restored']);
});

/** A service begins, is heard, and loses its microphone. */
async function serveUntilUnplugged(booth: Booth) {
  const { terminal } = booth;
  const counter = await stepUp(terminal.screenAddress);
  await counter.shows((view) => view.recording);
  await counter.does({ type: 'next' });
  await hears(booth, 0.6);
  const gone = counter.shows((view) => !view.recording);
  (terminal.hardware().microphone as SimulatedMicrophone).fail('the microphone was unplugged');
  await gone;
  return counter;
}

test('a microphone that is unplugged in the middle and comes back leaves a clip of each part, and the notice goes meanwhile', async () => {
  const booth = await openBooth();
  const { terminal, folder } = booth;
  const counter = await serveUntilUnplugged(booth);
  await booth.until((clips) => clips[0]?.state === 'announced');
  await counter.shows((view) => view.recording);
  await hears(booth, 0.5);
  await counter.does({ type: 'press', level: 'dissatisfied' });
  await counter.does({ type: 'end' });
  const [before, after] = await booth.until(
    (clips) => clips.map(({ state }) => state).join() === 'announced,announced',
  );
  counter.close();
  await terminal.close();
  if (before === undefined || after === undefined) throw new Error('no clips');
  expect([before.pressedAtMs, after.rated]).toEqual([null, 'bad']);
  expect(after.pressedAtMs).not.toBeNull();
  // Nothing is said of the time between.
  expect(after.startedAt - before.startedAt - before.durationMs).toBeGreaterThan(500);
  for (const clip of [before, after]) {
    expect(clip.repaired).toBe(false);
    expect(clip.durationMs).toBe(Math.round(samplesIn(soundFile(folder, clip)) / 16));
  }
  expect(changesOf(folder, 'microphone')).toEqual([
    ['failed', 'the microphone was unplugged'],
    ['restored', 'it works again'],
  ]);
});

test('what cannot be written down of a clip is told once, however well the next one is recorded, until it can', async () => {
  const booth = await openBooth({ policy: { keep: 'not-good' } });
  const { terminal, folder } = booth;
  await hears(booth, 0.3);
  await terminal.input({ type: 'next' });
  await hears(booth, 0.6);
  (terminal.hardware().microphone as SimulatedMicrophone).fail('the microphone was unplugged');
  const [clip] = await booth.until((clips) => clips[0]?.state === 'waiting');
  const file = join(folderOf(folder), `${clip?.recording}.json`);
  rmSync(file);
  mkdirSync(file);
  await booth.until((clips) => clips.some(({ state }) => state === 'recording'));
  await terminal.input({ type: 'press', level: 'dissatisfied' });
  await hears(booth, 10);
  rmdirSync(file);
  await booth.until((clips) => clips[0]?.state === 'announced');
  await terminal.close();
  expect(changesOf(folder, 'recording')).toEqual([
    ['failed', 'the disk of the data folder takes no recordings (EISDIR): make room, or change the card'],
    ['restored', 'it works again'],
  ]);
});

test('a press while the microphone is away is in neither part', async () => {
  const booth = await openBooth();
  const { terminal } = booth;
  const counter = await serveUntilUnplugged(booth);
  await counter.does({ type: 'press', level: 'dissatisfied' });
  await counter.shows((view) => view.recording);
  await hears(booth, 0.5);
  await counter.does({ type: 'end' });
  const clips = await booth.until((clips) => clips.map(({ state }) => state).join() === 'announced,announced');
  counter.close();
  await terminal.close();
  expect(clips.map(({ rated, pressedAtMs }) => [rated, pressedAtMs])).toEqual([
    ['bad', null],
    ['bad', null],
  ]);
});

test('sound that is lost on its way here parts the clip in two, each at its own time, and is told', async () => {
  const booth = await openBooth();
  const { terminal, folder } = booth;
  await hears(booth, 0.3);
  await terminal.input({ type: 'next' });
  await hears(booth, 0.6);
  (terminal.hardware().microphone as SimulatedMicrophone).lose(1_500);
  await booth.until((clips) => clips[0]?.state === 'announced');
  await hears(booth, 0.5);
  await terminal.input({ type: 'press', level: 'dissatisfied' });
  await terminal.input({ type: 'end' });
  const [before, after] = await booth.until(
    (clips) => clips.map(({ state }) => state).join() === 'announced,announced',
  );
  await terminal.close();
  if (before === undefined || after === undefined) throw new Error('no clips');
  expect(Math.abs(after.startedAt - before.startedAt - before.durationMs - 1_500)).toBeLessThan(learntMs);
  expect(before.service).toBe(after.service);
  expect(changesOf(folder, 'recording')).toEqual([
    ['failed', expect.stringMatching(/^sound was lost once \(at least 1.5 s\) before it came here: .*busy/)],
  ]);
});

test('gaps are told at the first and whenever there are twice as many, and a minute without one is well', () => {
  const told: (string | null)[] = [];
  const gaps = createGaps(1, { failed: (cause) => void told.push(cause), works: () => void told.push(null) });
  const second = Buffer.alloc(32_000);
  for (let n = 0; n < 59; n += 1) gaps.heard(second);
  for (let n = 0; n < 9; n += 1) {
    gaps.gap(n === 0 ? null : 100);
    for (let s = 0; s < 59; s += 1) gaps.heard(second);
  }
  expect(told.map((line) => /lost ([^:]*) before/.exec(line ?? '')?.[1])).toEqual([
    'once',
    '2 times (at least 0.1 s)',
    '4 times (at least 0.3 s)',
    '8 times (at least 0.7 s)',
  ]);
  gaps.heard(second);
  gaps.heard(second);
  expect(told.slice(4)).toEqual([null]);
});

describe('clips in which nobody speaks', () => {
  const clip = (speechShare: number | null, seconds = 60) => ({ speechShare, durationMs: 1000 * seconds });
  const watch = (patience?: number) => {
    const told: boolean[] = [];
    return { told, heard: createSpeechWatch((isWordless) => told.push(isWordless), patience) };
  };

  test('twenty in a row are told once, and the next word ends it', () => {
    const { told, heard } = watch();
    for (let n = 0; n < 19; n += 1) heard(clip(0.01));
    expect(told).toEqual([]);
    for (let n = 0; n < 9; n += 1) heard(clip(0));
    expect(told).toEqual([true]);
    heard(clip(0.02));
    heard(clip(0.5));
    expect(told).toEqual([true, false]);
  });

  test('a word between them, clips of seconds and clips that nobody measured are no such row', () => {
    const { told, heard } = watch(3);
    for (const one of [clip(0), clip(0), clip(0.3), clip(0), clip(0, 4), clip(null), clip(0)]) heard(one);
    expect(told).toEqual([]);
    heard(clip(0));
    expect(told).toEqual([true]);
  });
});

describe('a microphone that gives nothing but silence', () => {
  const second = (height: number, channels = 1) =>
    bytesOf(Int16Array.from({ length: 16_000 * channels }, (_, n) => (n % 2 === 0 ? height : -height)));

  test.each([
    ['zeros', 0, true],
    ['the last bit of a converter', 2, true],
    ['the noise of a quiet room', 5, false],
  ])('%s: dead is %s → %s', (_what, height, dead) => {
    const told: (number | null)[] = [];
    const hear = createSilenceWatch(1, (channel) => told.push(channel), 10);
    for (let n = 0; n < 9; n += 1) hear(second(height));
    expect(told).toEqual([]);
    for (let n = 0; n < 20; n += 1) hear(second(height));
    expect(told).toEqual(dead ? [0] : []);
    hear(second(1_000));
    hear(second(0));
    expect(told).toEqual(dead ? [0, null] : []);
  });

  test('one line of two that is dead is told, and comes back', () => {
    const told: (number | null)[] = [];
    const hear = createSilenceWatch(2, (channel) => told.push(channel), 2);
    const both = (left: number, right: number) =>
      bytesOf(Int16Array.from({ length: 32_000 }, (_, n) => (n % 2 === 0 ? left : right)));
    for (let n = 0; n < 3; n += 1) hear(both(500, 0));
    for (let n = 0; n < 3; n += 1) hear(both(500, 300));
    expect(told).toEqual([1, null]);
    expect(deafLine(1, 2)).toMatch(/^channel 2 of the microphone gives nothing but silence: .*alsamixer/);
  });

  test('gone, silent and wordless are one state: it has failed as long as one of them holds', () => {
    const told: string[] = [];
    let failed = false;
    const ear = createMicrophonePart({
      partFailed: (part) => {
        if (!failed) told.push(`${part} failed`);
        failed = true;
      },
      partRestored: (part) => {
        if (failed) told.push(`${part} restored`);
        failed = false;
      },
    });
    ear.wordless('nobody');
    ear.deaf('silent');
    ear.speaks();
    ear.partFailed('microphone', 'unplugged');
    ear.partRestored('microphone');
    expect(told).toEqual(['microphone failed']);
    ear.partFailed('microphone', 'unplugged');
    ear.hears();
    expect(told).toEqual(['microphone failed']);
    ear.partRestored('microphone');
    expect(told).toEqual(['microphone failed', 'microphone restored']);
    ear.hears();
    ear.partFailed('speaker', 'unplugged');
    ear.partRestored('speaker');
    expect(told.slice(2)).toEqual(['speaker failed', 'speaker restored']);
  });
});
