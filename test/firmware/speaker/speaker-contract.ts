import type { Phrase, Speaker } from '@manyi/firmware/speaker/contract';
import { describe, expect, it, onTestFinished } from 'vitest';

/** A speaker under test, and the means to act on it from outside. */
export interface SpeakerUnderTest {
  readonly speaker: Speaker;
  /** Whether the phrase has been heard to its end by now, or will be within a moment. */
  heard(phrase: Phrase): Promise<boolean>;
  /** Takes the speaker away, and gives it back. */
  unplug(): Promise<void> | void;
  plugIn(): Promise<void> | void;
}

/** What every driver of a speaker must keep. `open` makes a fresh one that can speak. */
export function speakerContract(driver: string, open: () => Promise<SpeakerUnderTest>): void {
  describe(`the ${driver} speaker keeps the contract of Speaker`, () => {
    const start = async () => {
      const made = await open();
      onTestFinished(made.speaker.close);
      return made;
    };

    it('says a phrase to its end, and cuts off what another follows', async () => {
      const { speaker, heard } = await start();
      const cut = speaker.say('thanks');
      const whole = speaker.say('invitation');
      expect(await cut).toBe(false);
      expect(await whole).toBe(true);
      expect(await heard('invitation')).toBe(true);
      expect(await heard('thanks')).toBe(false);
    });

    it('says that it is gone, in one line, and that it is back', async () => {
      const { speaker, unplug, plugIn } = await start();
      const causes: string[] = [];
      speaker.onFailure((cause) => causes.push(cause));
      const restored = new Promise<void>((resolve) => speaker.onRestored(resolve));
      await unplug();
      expect(await speaker.say('thanks')).toBe(false);
      await new Promise((resolve) => setTimeout(resolve));
      expect(causes).toHaveLength(1);
      expect(causes[0]).toMatch(/^.{10,}$/);
      await plugIn();
      await restored;
      expect(await speaker.say('thanks')).toBe(true);
    });

    it('is silent once closed, however often', async () => {
      const { speaker } = await start();
      const cut = speaker.say('thanks');
      speaker.close();
      speaker.close();
      expect(await cut).toBe(false);
      expect(await speaker.say('thanks')).toBe(false);
    });
  });
}
