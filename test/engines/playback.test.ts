import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { samplesPerSecond } from '@manyi/firmware/sound/format';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireDashboard } from '../browser/dashboard.ts';
import { bring, type RecordedHall, startRecordedHall } from '../browser/recorded.ts';
import { find } from '../firmware/likeness.ts';
import { type SoundServer, speak, startSoundServer } from '../firmware/sound-server.ts';
import { type Clip, clipOfSpeech, makeNoise } from '../hub/recordings/clips.ts';
import { adminPassword, eventually } from '../support/api.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { type Engine, openChromium, openFirefox, openWebKit } from './engines.ts';
import { type Line, startLine } from './line.ts';

/* The dashboard's player in browsers of every make, with a loudspeaker that is listened to. */

const pressedAtMs = 2_000;
/** What a coder and a sound server leave of a voice. */
const like = 0.8;
const playButton = '.controls-row .ant-btn-primary';
const toPress = '.controls-row .anticon-vertical-align-middle';
const folder = makeFolder();
const words = speak(folder, 'Good morning. I moved house in March, and my bills still go to the old address.');
/** The second and the third second of them. */
const phrase = words.audio.subarray(2 * samplesPerSecond, 6 * samplesPerSecond);

let server: SoundServer;
let hall: RecordedHall;
beforeAll(async () => {
  requireDashboard();
  server = await startSoundServer(['loudspeaker']);
  await server.plugIn('loudspeaker');
  hall = await startRecordedHall();
});
afterAll(async () => {
  await hall.close();
  await server.close();
  removeFolder(folder);
});

describe.each([
  ['Chromium', openChromium],
  ['Firefox', openFirefox],
  ['WebKit', openWebKit],
])('%s', (_, openEngine) => {
  let engine: Engine;
  let line: Line;
  beforeAll(async () => {
    line = await startLine(hall.studio.url);
    engine = await openEngine(server.environment);
    console.info(engine.version);
    await engine.web.goTo(line.url);
    await engine.web.type('#username', 'admin');
    await engine.web.type('#password', adminPassword);
    await engine.web.click('button[type=submit]');
    await engine.web.click('.nav-way[href="/recordings"]');
  });
  afterAll(async () => {
    await engine.close();
    line.close();
  });

  /** Opens the player of a clip in a browser that says it plays what is asked for, and not the other. */
  async function open({ recording }: Clip, format: string): Promise<void> {
    await engine.web.goTo(`${line.url}/recordings/${recording}`);
    await engine.web.run(keepSound(format === 'aac' ? 'ogg' : 'mp4'));
    await engine.web.type('.purpose input', 'complaint 17');
  }

  const play = () => engine.web.click('.purpose button[type=submit]');

  const soundIs = (expected: (sound: SoundNow) => boolean) =>
    eventually(() => engine.web.run<SoundNow>(soundNow), expected);

  test.each(['ogg', 'aac'])('plays what was said to its end, and again from the press, as %s', async (format) => {
    const clip = await bring(hall.terminals[0], { data: { pressedAtMs } }, clipOfSpeech(words.audio));
    let likeness = 0;
    // A machine busy with other tests makes loudspeakers stutter: then it is played again.
    for (let time = 0; time < 4 && likeness < like; time++) {
      await open(clip, format);
      const tape = listen();
      await play();
      await soundIs(({ ended, error }) => ended || error !== null);
      likeness = find(phrase, await tape.stop()).likeness;
    }
    const played = await engine.web.run<SoundNow>(soundNow);
    expect(played).toMatchObject({ error: null, address: expect.stringContaining(`format=${format}`) });
    expect(Math.abs(played.seconds * 1000 - clip.durationMs)).toBeLessThan(100);
    expect(likeness).toBeGreaterThan(like);

    await engine.web.click(toPress);
    await soundIs(({ at }) => at === pressedAtMs / 1000);
    await engine.web.click(playButton);
    await soundIs(({ at, paused }) => !paused && at > pressedAtMs / 1000 + 0.5);
  });

  // Large enough, each in its form, that no browser rather waits for what lies between.
  test.each([
    ['ogg', 60, 256],
    ['aac', 300, 24],
  ] as const)('jumps over what has not come yet, on a narrow line, as %s', async (format, seconds, kbits) => {
    const press = 0.75 * seconds;
    const noise = makeNoise(seconds, kbits);
    const clip = await bring(hall.terminals[0], { data: { pressedAtMs: press * 1000 } }, noise);
    const accept = format === 'aac' ? 'audio/mp4' : 'audio/ogg';
    const all = (await (await hall.studio.hear(clip.recording, { accept })).arrayBuffer()).byteLength;
    await open(clip, format);
    line.narrow(all / 50);
    await play();
    await soundIs(({ at }) => at > 0.2);
    const before = line.ranges().length;
    await engine.web.click(toPress);
    await soundIs(({ at }) => at > press + 0.2);
    line.narrow(Number.POSITIVE_INFINITY);
    const shares = line
      .ranges()
      .slice(before)
      .map((from) => from / all);
    // A browser has to guess at which byte a moment lies.
    expect(shares.some((share) => share > 0.6 && share < 0.8)).toBe(true);
  });
});

/** What comes out of the loudspeaker from now on. */
function listen(): { stop(): Promise<Buffer> } {
  const form = ['--raw', '--rate=16000', '--channels=1', '--format=s16le', '--latency-msec=200'];
  const child = spawn('parec', [...form, '--device=loudspeaker.monitor'], {
    env: { ...process.env, ...server.environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const heard: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    heard.push(chunk);
    bytes += chunk.length;
  });
  const ended = once(child, 'close');
  return {
    async stop() {
      // What a browser has played to its end may be on its way out.
      const enough = bytes + 4 * samplesPerSecond;
      await eventually(
        async () => bytes,
        (now) => now > enough,
      );
      child.kill();
      await ended;
      return Buffer.concat(heard);
    },
  };
}

/** For the page: keeps the element that plays where it can be looked at, and says that its browser cannot play something. */
function keepSound(refused: string): string {
  return `
    const { play, canPlayType } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () { window.heard = this; return play.call(this); };
    HTMLMediaElement.prototype.canPlayType = function (type) {
      return type.includes('${refused}') ? '' : canPlayType.call(this, type);
    };`;
}

interface SoundNow {
  readonly at: number;
  readonly seconds: number;
  readonly ended: boolean;
  readonly paused: boolean;
  readonly error: string | null;
  readonly address: string;
}

const soundNow = `
  const { currentTime = 0, duration = 0, ended = false, paused = true, error = null, src = '' } = window.heard ?? {};
  return { at: currentTime, seconds: duration, ended, paused, error: error && error.message, address: src };`;
