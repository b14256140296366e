import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNoMicrophone } from '@manyi/firmware/microphone/none';
import { createSimulatedMicrophone } from '@manyi/firmware/microphone/simulated';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder, removeFolder, temporaryFolder } from '../../support/folder.ts';
import { speak } from '../sound-server.ts';
import { listen, microphoneContract } from './microphone-contract.ts';

microphoneContract('simulated', () => {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  const { file, audio } = speak(folder, 'Good morning.');
  const microphone = createSimulatedMicrophone(1, file);
  return {
    microphone,
    words: audio,
    say: () => {},
    unplug: () => microphone.fail('the plug was pulled'),
    plugIn: () => {},
  };
});

it('hears a tone when it has no file', async () => {
  const microphone = createSimulatedMicrophone(2);
  onTestFinished(microphone.close);
  const heard = listen(microphone);
  await heard.bytes(2 * 2 * 16_000);
  expect(microphone.levels()).toMatchObject({ ms: 1000, clippedShare: 0, speechShare: 0 });
  expect(microphone.levels()?.level).toBeCloseTo(-23, 1);
  expect(microphone.levels()?.peak).toBeCloseTo(0.1, 2);
});

it.each([
  ['no.wav', null, /^the file of MANYI_MICROPHONE_DEVICE, .*no\.wav, cannot be heard: .*ENOENT/],
  ['text.wav', 'hello', /cannot be heard: it is not a WAV file of 16-bit PCM at 16 kHz/],
])('names the file that it cannot hear: %s', async (name, content, cause) => {
  const file = join(temporaryFolder(), name);
  if (content !== null) writeFileSync(file, content);
  const microphone = createSimulatedMicrophone(1, file);
  onTestFinished(microphone.close);
  expect(await new Promise((resolve) => microphone.onFailure(resolve))).toMatch(cause);
});

it('is off where there is none', () => {
  const microphone = createNoMicrophone();
  microphone.onAudio(() => {});
  microphone.close();
  expect([microphone.state(), microphone.levels()]).toEqual(['off', null]);
});
