import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMicrophone } from '@manyi/firmware/microphone/microphone';
import { programRecorder, type RecorderOptions } from '@manyi/firmware/microphone/recorder';
import { samplesOf } from '@manyi/firmware/sound/format';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { eventually } from '../../support/api.ts';
import { makeFolder, removeFolder, temporaryFolder } from '../../support/folder.ts';
import { type SoundServer, speak, startSoundServer } from '../sound-server.ts';
import { listen, microphoneContract } from './microphone-contract.ts';

const folder = makeFolder();
const words = speak(folder, 'Good morning.');
let server: SoundServer;
beforeAll(async () => {
  server = await startSoundServer(['counter']);
  for (const [name, value] of Object.entries(server.environment)) process.env[name] = value;
  await server.plugIn('counter');
});
afterAll(async () => {
  await server.close();
  removeFolder(folder);
});

const devices = { arecord: 'counter-heard', sox: 'counter.monitor' };
type Program = RecorderOptions['program'];

function open(program: Program, options: Partial<RecorderOptions> = {}, stallMs = 5_000) {
  const recorder = programRecorder({ program, device: devices[program], channels: 1, ...options });
  return createMicrophone(options.channels ?? 1, recorder, { stallMs, firstWaitMs: 200 });
}

for (const program of ['arecord', 'sox'] as const) {
  microphoneContract(program, () => ({
    microphone: open(program),
    words: words.audio,
    say: () => server.play('counter', words.file),
    unplug: () => server.unplug('counter'),
    plugIn: () => server.plugIn('counter'),
  }));
}

/** sox adds a little noise of its own to each channel. */
const dither = 2;

const children = (program: Program) => {
  try {
    return execFileSync('pgrep', ['-P', String(process.pid), '-x', program], { encoding: 'utf8' })
      .trim()
      .split('\n');
  } catch {
    return [];
  }
};

describe.each(['arecord', 'sox'] as const)('a microphone by %s', (program) => {
  const failure = (microphone: ReturnType<typeof open>) => {
    onTestFinished(microphone.close);
    return new Promise<string>((resolve) => microphone.onFailure(resolve));
  };

  it('leaves no recorder behind', async () => {
    const microphone = open(program);
    await listen(microphone).bytes(1);
    expect(children(program)).toHaveLength(1);
    microphone.close();
    await eventually(
      async () => children(program),
      (left) => left.length === 0,
    );
  });

  it('that stalls is noticed, and begun anew', async () => {
    const microphone = open(program, {}, 800);
    await listen(microphone).bytes(1);
    const failed = failure(microphone);
    const restored = new Promise<void>((resolve) => microphone.onRestored(resolve));
    const [first = ''] = children(program);
    process.kill(Number(first), 'SIGSTOP');
    expect(await failed).toBe(
      'the microphone gives no sound for 0.8 s: plug it in anew, and see MANYI_MICROPHONE_DEVICE',
    );
    await restored;
    await eventually(
      async () => children(program),
      (left) => left.length === 1 && left[0] !== first,
    );
  });

  it('is no microphone that stalls when it was this program that stood still', async () => {
    const microphone = open(program, {}, 2_000);
    onTestFinished(microphone.close);
    const heard = listen(microphone);
    // It may have been slow to start.
    await eventually(
      async () => microphone.state(),
      (state) => state === 'recording',
    );
    const failures: string[] = [];
    microphone.onFailure((cause) => failures.push(cause));
    const before = heard.all().length;
    // As for a disk that takes its time; just before timers are due, and those come before anything is read.
    await new Promise<void>((resolve) =>
      setImmediate(() => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500);
        resolve();
      }),
    );
    await heard.bytes(before + 2 * 16_000 * 4);
    expect(failures).toEqual([]);
  });

  it('that is not installed is told', async () => {
    vi.stubEnv('PATH', temporaryFolder());
    const cause = await failure(open(program));
    vi.unstubAllEnvs();
    expect(cause).toBe(`${program} is not installed: sudo apt install ${program === 'sox' ? 'sox' : 'alsa-utils'}`);
  });

  it('from a device that is not there is told, with the setting', async () => {
    expect(await failure(open(program, { device: 'no-such-device' }))).toMatch(
      /^(there is no|sox finds no) microphone no-such-device: .*MANYI_MICROPHONE_DEVICE to one that arecord -L names/,
    );
  });

  it('may have two channels', async () => {
    const microphone = open(program, { channels: 2 });
    onTestFinished(microphone.close);
    const heard = listen(microphone);
    await heard.bytes(16_000);
    const samples = samplesOf(heard.all());
    const differ = samples.filter((sample, n) => n % 2 === 1 && Math.abs(sample - (samples[n - 1] ?? 0)) > dither);
    expect(differ).toHaveLength(0);
  });
});

describe('sound that a recorder lost', () => {
  it.each([
    ['arecord', 'overrun!!! (at least 1234.567 ms long)', 1234],
    ['arecord', 'Überlauf!!! (mindestens 61,500 ms lang)', 61],
    ['arecord', 'Suspended. Trying resume. Done.', null],
    ['sox', 'sox WARN alsa: over-run', null],
  ] as const)('%s says %s', async (program, line, lost) => {
    const folder = temporaryFolder();
    const script = ['#!/bin/sh', 'head -c 12000 /dev/zero', `echo '${line}' >&2`, 'exec sleep 60'];
    writeFileSync(join(folder, program), script.join('\n'), { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    const microphone = open(program);
    onTestFinished(microphone.close);
    const heard = listen(microphone);
    const gap = await new Promise<number | null>((resolve) => microphone.onGap(resolve));
    vi.unstubAllEnvs();
    expect([gap, microphone.state()]).toEqual([lost, 'recording']);
    // All that came before the gap is heard before it.
    expect(heard.all()).toHaveLength(12_000);
  });
});

describe('what a recorder writes in the place of sound', () => {
  it("is never heard: sox's manual", async () => {
    vi.stubEnv('AUDIODRIVER', 'no-such-driver');
    const microphone = open('sox');
    onTestFinished(microphone.close);
    const heard = listen(microphone);
    const cause = await new Promise<string>((resolve) => microphone.onFailure(resolve));
    vi.unstubAllEnvs();
    expect(cause).toMatch(/^sox .*MANYI_MICROPHONE_DEVICE/);
    expect(heard.all()).toHaveLength(0);
    expect(microphone.state()).toBe('failed');
  });

  it('is never heard for long: sound at another rate than asked for', async () => {
    const stand = temporaryFolder();
    // A device that cannot do 16 kHz: at 48 kHz a tenth of a second has 9,600 bytes.
    const script = 'while :; do head -c 9600 /dev/zero; sleep 0.1; done';
    writeFileSync(join(stand, 'arecord'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    vi.stubEnv('PATH', `${stand}:${process.env['PATH']}`);
    const microphone = open('arecord');
    onTestFinished(microphone.close);
    const heard = listen(microphone);
    const told: string[] = [];
    microphone.onRestored(() => told.push('restored'));
    const cause = await new Promise<string>((resolve) => microphone.onFailure(resolve));
    expect(cause).toBe('the microphone does not record at 16 kHz: write plughw: for hw: in MANYI_MICROPHONE_DEVICE');
    const before = heard.all().length;
    await heard.bytes(before + 1);
    await heard.bytes(before + 12_000);
    vi.unstubAllEnvs();
    expect([microphone.state(), told]).toEqual(['failed', []]);
  });

  it('is told by its own words when they are no known ones', async () => {
    const stand = temporaryFolder();
    writeFileSync(join(stand, 'arecord'), '#!/bin/sh\necho "one\nthe coil is hot" >&2; exit 7\n', { mode: 0o755 });
    vi.stubEnv('PATH', `${stand}:${process.env['PATH']}`);
    const microphone = open('arecord');
    onTestFinished(microphone.close);
    const cause = await new Promise<string>((resolve) => microphone.onFailure(resolve));
    vi.unstubAllEnvs();
    expect(cause).toBe('arecord ended with 7: the coil is hot (the device is set by MANYI_MICROPHONE_DEVICE)');
  });
});
