import { chmodSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { framesOf, levelsOf } from '@manyi/firmware/microphone/levels';
import { bytesOf, samplesOf } from '@manyi/firmware/sound/format';
import { readWav } from '@manyi/firmware/sound/wav';
import { phrases } from '@manyi/firmware/speaker/contract';
import { createNoSpeaker } from '@manyi/firmware/speaker/none';
import { createSimulatedSpeaker } from '@manyi/firmware/speaker/simulated';
import { readSounds } from '@manyi/firmware/speaker/sounds';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { speak } from '../sound-server.ts';
import { speakerContract } from './speaker-contract.ts';

const english = readSounds({ languages: ['en'] });

speakerContract('simulated', async () => {
  const speaker = createSimulatedSpeaker({ languages: ['en'], volume: 100 }, 100);
  return {
    speaker,
    heard: async (phrase) => speaker.played.at(-1)?.equals(english[phrase]) ?? false,
    unplug: () => speaker.fail('the plug was pulled'),
    plugIn: () => speaker.fail(null),
  };
});

describe("Manyi's own sounds", () => {
  it.each(['zh', 'en'] as const)('are speech, and not so loud as to be distorted: %s', (language) => {
    const sounds = readSounds({ languages: [language] });
    for (const phrase of phrases) {
      const { ms, peak, clippedShare, speechShare } = levelsOf(framesOf(sounds[phrase], 1));
      expect(ms).toBeGreaterThan(1_000);
      expect(ms).toBeLessThan(5_000);
      expect(speechShare).toBeGreaterThan(0.4);
      expect(peak).toBeGreaterThan(0.5);
      expect(clippedShare).toBe(0);
    }
  });

  it('follow one another in the languages that are set, with a pause between', () => {
    const [zh, en, both] = [['zh'], ['en'], ['zh', 'en']] as const;
    const length = (languages: readonly ('zh' | 'en')[]) => readSounds({ languages }).thanks.length;
    expect(length(both)).toBe(length(zh) + length(en) + 9_600);
  });

  it("give way to those of a folder of one's own, as far as it has them", () => {
    const folder = temporaryFolder();
    const { file } = speak(folder, 'Goodbye.');
    const own = readWav(readFileSync(file)).audio;
    renameSync(file, join(folder, 'thanks.en.wav'));
    const sounds = readSounds({ languages: ['en'], folder });
    expect(sounds.thanks.equals(own)).toBe(true);
    expect(sounds.invitation.equals(english.invitation)).toBe(true);
  });
});

describe("a folder of one's own that cannot be read", () => {
  it('is told by its setting, with a place that can be, and the voice goes on as Manyi has it', async () => {
    const folder = join(temporaryFolder(), 'misspelt');
    const speaker = createSimulatedSpeaker({ languages: ['en'], volume: 100, folder }, 100);
    const cause = await new Promise<string>((resolve) => speaker.onFailure(resolve));
    expect(cause).toBe(
      `MANYI_SPEAKER_SOUNDS is ${folder}, which is not there: put the sounds where the agent can read them, such as /etc/manyi/sounds (never below /home)`,
    );
    void speaker.say('thanks');
    expect(speaker.played.at(-1)?.equals(english.thanks)).toBe(true);
    speaker.close();
  });

  it('may be a file', () => {
    const { file } = speak(temporaryFolder(), 'Goodbye.');
    expect(() => readSounds({ languages: ['en'], folder: file })).toThrow(/which is no folder: put the sounds/);
  });

  it('may be one that only others may read', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o000);
    expect(() => readByNobody(folder)).toThrow(/which the agent may not read: put the sounds/);
    chmodSync(folder, 0o755);
    const { file } = speak(folder, 'Goodbye.');
    chmodSync(file, 0o000);
    renameSync(file, join(folder, 'invitation.en.wav'));
    expect(() => readByNobody(folder)).toThrow(/may not be read by the agent: sudo chmod a\+r/);
  });
});

/** Reads as a user without rights of his own does; root may read everything. */
function readByNobody(folder: string): unknown {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.('nobody');
  try {
    return readSounds({ languages: ['en'], folder });
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

it('is as loud as it is told', async () => {
  const speaker = createSimulatedSpeaker({ languages: ['en'], volume: 25 });
  void speaker.play(bytesOf(Int16Array.of(1000, -1000, 32_767)));
  expect([...samplesOf(speaker.played.at(-1) ?? Buffer.alloc(0))]).toEqual([250, -250, 8192]);
  speaker.close();
});

it('says nothing where there is none, and fails in nothing', async () => {
  const speaker = createNoSpeaker();
  expect(await speaker.say('invitation')).toBe(false);
  expect(await speaker.play(Buffer.alloc(2))).toBe(false);
  speaker.close();
});
