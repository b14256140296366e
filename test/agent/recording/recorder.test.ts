import { createCounterHardware } from '@manyi/agent/hardware';
import { createLog } from '@manyi/agent/log';
import { createMicrophonePart } from '@manyi/agent/recording/capture/microphone-part';
import { openShelf } from '@manyi/agent/recording/clips/shelf';
import { createRecordings } from '@manyi/agent/recording/recordings';
import { initialState } from '@manyi/agent/service/state';
import { defaultRecordingPolicy, type RecordingPolicy, recordingPolicy } from '@manyi/config/recordings';
import { agentSettings, readSettings } from '@manyi/config/settings';
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

test('a microphone that gives only silence is a part that failed, as long as somebody wants to hear it', async () => {
  const folder = temporaryFolder();
  const settings = readSettings(agentSettings, {
    MANYI_BUTTONS: 'simulated',
    MANYI_MICROPHONE: 'simulated',
    MANYI_MICROPHONE_DEVICE: wavOf(folder, Buffer.alloc(32_000)),
  });
  const told: string[] = [];
  let news = () => {};
  const tell = (what: string) => {
    told.push(what);
    news();
  };
  const next = () => new Promise<void>((resolve) => (news = resolve));
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
  let policy: RecordingPolicy = recordingPolicy.parse({ record: 'around-rating' });
  const recordings = createRecordings({
    ...{ settings, hardware, ear, troubles, onChange: nothing, deadSeconds: 1 },
    shelf: await openShelf(folder, tell),
    clock: { now: Date.now },
    rules: () => ({ newId: v7, writeInstant: (at: number) => new Date(at).toISOString() }),
    plan: () => ({ policy, mode: 'called' }),
    runner: { state: () => initialState, record: async () => {} },
    identity: { data: { asked: null, enrolled: null, settings: null } },
    outbox: { status: () => ({ outbox: v7(), first: 1, next: 1 }) },
    log: createLog('silent'),
  });
  const failed = /^microphone: the microphone gives nothing but silence: .*plugged in and switched on.*alsamixer/;
  while (!told.some((line) => failed.test(line))) await next();
  policy = defaultRecordingPolicy;
  recordings.follow();
  expect(told).toContain('microphone works');
  expect(told.filter((line) => line.startsWith('microphone:')).length).toBe(1);
  await recordings.close();
});
