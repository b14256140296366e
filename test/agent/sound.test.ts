import type { SimulatedSpeaker } from '@manyi/firmware/speaker/simulated';
import { readSounds } from '@manyi/firmware/speaker/sounds';
import { expect, test, vi } from 'vitest';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { enrolledIn, heldIn, openAlone } from './lone-terminal.ts';

test.each(['very-satisfied', 'dissatisfied'])('asks and thanks aloud, alike for every level: %s', async (level) => {
  const spoken = { MANYI_SPEAKER: 'simulated', MANYI_SPEAKER_LANGUAGES: 'zh', MANYI_SPEAKER_VOLUME: '100' };
  const terminal = await openAlone(enrolledIn(temporaryFolder()), spoken);
  const { played } = terminal.hardware().speaker as SimulatedSpeaker;
  await eventually(
    async () => played.length,
    (moments) => moments === 1,
  );
  await terminal.input({ type: 'next' });
  await terminal.input({ type: 'invite' });
  await terminal.input({ type: 'press', level });
  await terminal.input({ type: 'press', level });
  // What may still be taken back is not said.
  await eventually(
    async () => played.length,
    (moments) => moments === 3,
  );
  const { invitation, thanks } = readSounds({ languages: ['zh'] });
  expect(played.slice(1).map((sound) => [sound.equals(invitation), sound.equals(thanks)])).toEqual([
    [true, false],
    [false, true],
  ]);
  await terminal.close();
});

test('a recorder and a player that are not installed are told, and ratings go on', async () => {
  const folder = enrolledIn(temporaryFolder());
  vi.stubEnv('PATH', temporaryFolder());
  const terminal = await openAlone(folder, { MANYI_MICROPHONE: 'arecord', MANYI_SPEAKER: 'aplay' });
  const { microphone, speaker } = terminal.hardware();
  await eventually(
    async () => microphone.state(),
    (state) => state === 'failed',
  );
  expect(await speaker.say('thanks')).toBe(false);
  vi.unstubAllEnvs();
  await terminal.input({ type: 'next' });
  await terminal.input({ type: 'invite' });
  await terminal.input({ type: 'press', level: 'satisfied' });
  await terminal.close();
  const held = heldIn(folder);
  const failures = held.filter(({ type }) => type === 'terminal.changed').map(({ data }) => data);
  expect(failures).toHaveLength(2);
  expect(failures).toContainEqual(
    expect.objectContaining({
      part: 'microphone',
      state: 'failed',
      detail: 'arecord is not installed: sudo apt install alsa-utils',
    }),
  );
  expect(failures).toContainEqual(
    expect.objectContaining({
      part: 'speaker',
      state: 'failed',
      detail: 'aplay is not installed: sudo apt install alsa-utils',
    }),
  );
  expect(held.filter(({ type }) => type === 'rating.given')).toHaveLength(1);
});
