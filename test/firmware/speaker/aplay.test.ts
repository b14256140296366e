import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMicrophone } from '@manyi/firmware/microphone/microphone';
import { programRecorder } from '@manyi/firmware/microphone/recorder';
import { samplesPerSecond } from '@manyi/firmware/sound/format';
import { aplayPlayer } from '@manyi/firmware/speaker/aplay';
import { createSpeaker } from '@manyi/firmware/speaker/speaker';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { makeFolder, removeFolder, temporaryFolder } from '../../support/folder.ts';
import { find } from '../likeness.ts';
import { listen } from '../microphone/microphone-contract.ts';
import { type SoundServer, speak, startSoundServer } from '../sound-server.ts';
import { speakerContract } from './speaker-contract.ts';

const folder = makeFolder();
const sounds = join(folder, 'sounds');
mkdirSync(sounds);
const record = (phrase: string, text: string) => {
  const { file, audio } = speak(folder, text);
  copyFileSync(file, join(sounds, `${phrase}.en.wav`));
  return audio;
};
const words = { invitation: record('invitation', 'Please rate.'), thanks: record('thanks', 'Thank you very much.') };

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

const options = { languages: ['en'] as const, folder: sounds, volume: 50 };
const open = (device = 'counter') => createSpeaker(options, aplayPlayer(device), 200);

/** What is heard at the counter, from now on. */
async function hear() {
  const recorder = programRecorder({ program: 'arecord', device: 'counter-heard', channels: 1 });
  const microphone = createMicrophone(1, recorder);
  onTestFinished(microphone.close);
  const heard = listen(microphone);
  await heard.bytes(1);
  return { microphone, heard };
}

speakerContract('aplay', async () => {
  const { heard } = await hear();
  return {
    speaker: open(),
    async heard(phrase) {
      await heard.bytes(heard.all().length + samplesPerSecond / 2);
      return find(words[phrase], heard.all()).likeness > 0.95;
    },
    unplug: () => server.unplug('counter'),
    plugIn: () => server.plugIn('counter'),
  };
});

it('speaks into a recording that goes on from its first word to its last, at the volume that was set', async () => {
  const { microphone, heard } = await hear();
  const losses: string[] = [];
  microphone.onFailure((cause) => losses.push(cause));
  const speaker = open();
  onTestFinished(speaker.close);
  expect(await speaker.say('invitation')).toBe(true);
  await heard.bytes(heard.all().length + samplesPerSecond);
  const { at, likeness } = find(words.invitation, heard.all());
  expect(likeness).toBeGreaterThan(0.99);
  const sum = (audio: Buffer) => new Int16Array(new Uint8Array(audio).buffer).reduce((all, n) => all + Math.abs(n), 0);
  const there = heard.all().subarray(2 * at, 2 * at + words.invitation.length);
  expect(sum(there) / sum(words.invitation)).toBeCloseTo(0.5, 1);
  expect(losses).toEqual([]);
});

const causeOf = (speaker: ReturnType<typeof open>) => {
  onTestFinished(speaker.close);
  return new Promise<string>((resolve) => speaker.onFailure(resolve));
};

it('is missed at the start when it is not installed, and keeps the counter waiting for nothing', async () => {
  vi.stubEnv('PATH', temporaryFolder());
  const speaker = open();
  const cause = await causeOf(speaker);
  expect(await speaker.say('thanks')).toBe(false);
  vi.unstubAllEnvs();
  expect(cause).toBe('aplay is not installed: sudo apt install alsa-utils');
});

it('is missed at the start when its device is not there, with the setting', async () => {
  expect(await causeOf(open('no-such-device'))).toBe(
    "there is no speaker no-such-device: plug it in, add the agent's user to the group audio, or set MANYI_SPEAKER_DEVICE to one that aplay -L names",
  );
});

it("names the sound of one's own that it cannot play, and says it as Manyi does", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'thanks.en.wav'), 'no sound');
  const speaker = createSpeaker({ ...options, folder }, aplayPlayer('counter'), 200);
  expect(await causeOf(speaker)).toMatch(
    /^\S+thanks\.en\.wav \(see MANYI_SPEAKER_SOUNDS\) cannot be played: it is not a WAV file of 16-bit PCM at 16 kHz/,
  );
  expect(await speaker.say('thanks')).toBe(true);
});
