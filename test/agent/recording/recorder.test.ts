import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createCounterHardware } from '@manyi/agent/hardware';
import { createLog } from '@manyi/agent/log';
import type { Patience } from '@manyi/agent/recording/capture/intake';
import { createMicrophonePart } from '@manyi/agent/recording/capture/microphone-part';
import { openShelf } from '@manyi/agent/recording/clips/shelf';
import { createRecordings } from '@manyi/agent/recording/recordings';
import { initialState } from '@manyi/agent/service/state';
import type { EventType } from '@manyi/config/events';
import { type RecordingPolicy, recordingPolicy } from '@manyi/config/recordings';
import { agentSettings, readSettings } from '@manyi/config/settings';
import { bytesOf } from '@manyi/firmware/sound/format';
import { v7 } from 'uuid';
import { expect, onTestFinished, test, vi } from 'vitest';
import { find } from '../../firmware/likeness.ts';
import { startSoundServer } from '../../firmware/sound-server.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { decoded, hears, openBooth, samplesIn, soundFile, speech, wavOf } from './booth.ts';

test('what arecord hears is in the clip', async () => {
  const server = await startSoundServer(['counter']);
  onTestFinished(server.close);
  for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  await server.plugIn('counter');
  // Short, because a busy machine's sound server stutters.
  const words = speech.subarray(0, 2 * 16_000);
  const file = wavOf(temporaryFolder(), words);
  const booth = await openBooth({
    settings: { MANYI_MICROPHONE: 'arecord', MANYI_MICROPHONE_DEVICE: 'counter-heard' },
  });
  await hears(booth, 0.5);
  await booth.terminal.input({ type: 'next' });
  // The server's card sounds a little ahead of time.
  await hears(booth, 1);
  await server.play('counter', file);
  await hears(booth, 1);
  await booth.terminal.input({ type: 'press', level: 'dissatisfied' });
  await booth.terminal.input({ type: 'end' });
  const [clip] = await booth.until((clips) => clips[0]?.state === 'announced');
  await booth.terminal.close();
  if (clip === undefined) throw new Error('no clip');
  const sound = soundFile(booth.folder, clip);
  const { at, likeness } = find(words, decoded(sound));
  expect(likeness).toBeGreaterThan(0.9);
  expect(at).toBeGreaterThan(0);
  expect(clip.durationMs).toBe(Math.round(samplesIn(sound) / 16));
  expect(Number(clip.pressedAtMs)).toBeGreaterThan((at + words.length / 2) / 16);
  expect(Number(clip.speechShare)).toBeGreaterThan(0.05);
});

/** A file system that has no room for anything. */
const noRoom = '/proc';

/** Recordings of a counter whose microphone hears this over and over, with what is told of its parts. */
async function openDesk(sound: Buffer, begun: Partial<RecordingPolicy>, patience: Patience) {
  const folder = temporaryFolder();
  const settings = readSettings(agentSettings, {
    MANYI_BUTTONS: 'simulated',
    MANYI_MICROPHONE: 'simulated',
    MANYI_MICROPHONE_DEVICE: wavOf(folder, sound),
  });
  const told: string[] = [];
  let news = () => {};
  const tell = (what: string) => {
    told.push(what);
    news();
  };
  const troubles = {
    partFailed: (part: string, cause: string) => tell(`${part}: ${cause}`),
    partRestored: (part: string) => tell(`${part} works`),
    failed: (error: unknown) => tell(String(error)),
  };
  const ear = createMicrophonePart(troubles);
  const nothing = () => {};
  const hardware = createCounterHardware({
    ...{ settings, profile: 'four-key', onPress: nothing, onClerkKey: nothing, onBadge: nothing, onCounted: nothing },
    onFailed: ear.partFailed,
    onRestored: ear.partRestored,
  });
  onTestFinished(hardware.close);
  let policy = recordingPolicy.parse({ record: 'service', ...begun });
  const shelf = await openShelf(folder, tell);
  let isFull = false;
  const made: number[] = [];
  const recordings = createRecordings({
    ...{ settings, hardware, ear, troubles, patience },
    onChange: () => recordings.follow(),
    shelf: {
      ...shelf,
      get folder() {
        return isFull ? noRoom : shelf.folder;
      },
    },
    clock: { now: Date.now },
    rules: () => ({ newId: v7, writeInstant: (at: number) => new Date(at).toISOString() }),
    plan: () => ({ policy, mode: 'called' }),
    runner: {
      state: () => initialState,
      async record(type: EventType, data: Readonly<Record<string, unknown>>) {
        if (type === 'manyi.recording.made.v1') made.push(Number(data['durationMs']));
      },
    },
    identity: { data: { asked: null, enrolled: null, settings: null } },
    outbox: { status: () => ({ outbox: v7(), first: 1, next: 1 }) },
    log: createLog('silent'),
  });
  let heard = 0;
  hardware.onAudio((audio) => {
    heard += audio.length / 32_000;
    news();
  });
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((resolve) => (news = resolve));
  };
  const listen = (seconds: number) => {
    const end = heard + seconds;
    return until(() => heard >= end);
  };
  const happens = (event: EventType, service: string, at = Date.now()) => {
    const data = { service, duty: null, clerk: null, counter: 'counter-1' };
    recordings.happened([{ type: 'record', event, data }], at);
  };
  const begin = () => {
    const service = v7();
    happens('manyi.service.started.v1', service);
    return service;
  };
  const end = (service: string, at?: number) => happens('manyi.service.ended.v1', service, at);
  return {
    told,
    recordings,
    shelf,
    until,
    /** How long the clips are that were told of, in milliseconds. */
    made,
    begin,
    end,
    /** A service of so many seconds. */
    async serve(seconds: number) {
      const service = begin();
      await listen(seconds);
      end(service);
    },
    fill(full: boolean) {
      isFull = full;
    },
    listen,
    decide(wanted: Partial<RecordingPolicy>) {
      policy = recordingPolicy.parse({ ...policy, ...wanted });
      recordings.follow();
    },
  };
}

test('a microphone that gives only silence is a part that failed, as long as somebody wants to hear it', async () => {
  const patience = { silentSeconds: 1, wordlessClips: 20 };
  const desk = await openDesk(Buffer.alloc(32_000), { record: 'around-rating' }, patience);
  const failed = /^microphone: the microphone gives nothing but silence: .*plugged in and switched on.*alsamixer/;
  await desk.until(() => desk.told.some((line) => failed.test(line)));
  desk.decide({ record: 'off' });
  expect(desk.told).toContain('microphone works');
  expect(desk.told.filter((line) => line.startsWith('microphone:')).length).toBe(1);
  await desk.recordings.close();
});

test('a microphone that hisses, so that nobody is heard in one recording after the other, is a part that failed', async () => {
  const hiss = bytesOf(Int16Array.from({ length: 32_000 }, () => Math.round(600 * (Math.random() - 0.5))));
  const desk = await openDesk(hiss, {}, { silentSeconds: 1, wordlessClips: 2 });
  const failed =
    /^microphone: nobody was heard in the last 2 recordings: .*plugged in.*turned to the counter.*alsamixer/;
  const ofMicrophone = () => desk.told.filter((line) => line.startsWith('microphone'));
  await desk.serve(5.5);
  await desk.serve(1);
  await desk.serve(5.5);
  await desk.until(() => ofMicrophone().some((line) => failed.test(line)));
  desk.decide({ record: 'off' });
  expect(ofMicrophone().at(-1)).toBe('microphone works');
  await desk.recordings.close();
});

test('a full disk is said until there is room again, whatever the hub decides meanwhile, and not until the next customer', async () => {
  const desk = await openDesk(speech, {}, { silentSeconds: 300, wordlessClips: 20 });
  const isFull = /^recording: the disk of the data folder is nearly full, .*make room$/;
  desk.fill(true);
  await desk.serve(3);
  await desk.until(() => desk.told.some((line) => isFull.test(line)));
  desk.decide({ record: 'around-rating' });
  await desk.listen(3);
  expect(desk.told.at(-1)).toMatch(isFull);
  desk.fill(false);
  await desk.until(() => desk.told.at(-1) === 'recording works');
  await desk.recordings.close();
});

const ofRecording = (told: readonly string[]) => told.filter((line) => line.startsWith('recording'));

test('a disk that takes no clip has failed until it takes one, whatever the hub decides meanwhile', async () => {
  const desk = await openDesk(speech, {}, { silentSeconds: 300, wordlessClips: 20 });
  const failed = 'recording: the disk of the data folder takes no recordings (ENOENT): make room, or change the card';
  rmSync(desk.shelf.folder, { recursive: true });
  const service = desk.begin();
  await desk.until(() => desk.told.includes(failed));
  desk.decide({ keep: 'not-good' });
  await desk.listen(1);
  mkdirSync(desk.shelf.folder);
  desk.end(service);
  await desk.until(() => desk.told.includes('recording works'));
  await desk.recordings.close();
  expect(ofRecording(desk.told)).toEqual([failed, 'recording works']);
});

test('a coder that goes away is looked for until it is back, without a customer', async () => {
  const desk = await openDesk(speech, {}, { silentSeconds: 300, wordlessClips: 20 });
  await desk.listen(1);
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('PATH', temporaryFolder());
  const service = desk.begin();
  const failed = 'recording: opusenc is not installed: sudo apt install opus-tools';
  await desk.until(() => desk.told.includes(failed));
  // Nothing of it is left to be recorded.
  desk.end(service, Date.now() - 60_000);
  await desk.listen(1);
  vi.unstubAllEnvs();
  await desk.until(() => desk.told.includes('recording works'));
  await desk.recordings.close();
  expect(ofRecording(desk.told)).toEqual([failed, 'recording works']);
});

test('turned on in the middle of a service, what is recorded of it is one clip each time', async () => {
  const desk = await openDesk(speech, { record: 'off' }, { silentSeconds: 300, wordlessClips: 20 });
  await desk.listen(0.3);
  desk.begin();
  for (let n = 0; n < 4; n += 1) {
    desk.decide({ record: 'service' });
    await desk.listen(1);
    desk.decide({ record: 'off' });
    await desk.until(() => desk.made.length > n);
  }
  await desk.recordings.close();
  expect(desk.made.length).toBe(4);
  for (const ms of desk.made) expect(ms).toBeGreaterThan(150);
});

test('a service that turns out to have ended long before has no clip of what was heard since', async () => {
  const desk = await openDesk(speech, {}, { silentSeconds: 300, wordlessClips: 20 });
  const service = desk.begin();
  await desk.listen(2.5);
  // As when the time is found after a night: see the counter's tests.
  desk.end(service, Date.now() - 3_600_000);
  await desk.recordings.close();
  expect([desk.made, readdirSync(desk.shelf.folder)]).toEqual([[], []]);
});
