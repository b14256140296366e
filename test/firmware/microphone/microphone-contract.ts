import type { Microphone } from '@manyi/firmware/microphone/contract';
import { bytesPerSample, samplesPerSecond } from '@manyi/firmware/sound/format';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/api.ts';
import { find } from '../likeness.ts';

/** A microphone under test, and the means to act on it from outside. */
export interface MicrophoneUnderTest {
  readonly microphone: Microphone;
  /** What `say` says: one channel. */
  readonly words: Buffer;
  /** Says it before the microphone; settles when it has been said. */
  say(): Promise<void> | void;
  /** Takes the microphone away, and gives it back. */
  unplug(): Promise<void> | void;
  plugIn(): Promise<void> | void;
}

/** What every driver of a microphone must keep. `open` makes a fresh one. */
export function microphoneContract(driver: string, open: () => MicrophoneUnderTest): void {
  describe(`the ${driver} microphone keeps the contract of Microphone`, () => {
    it('hears what is said as it was said, never ahead of the time, and measures it', async () => {
      const { microphone, words, say } = start(open);
      expect([microphone.state(), microphone.levels()]).toEqual(['opening', null]);
      const begun = performance.now();
      const heard = listen(microphone);
      const others = listen(microphone);
      await heard.bytes(1);
      expect(microphone.state()).toBe('recording');
      await say();
      await heard.bytes(Math.max(heard.all().length, words.length) + secondBytes / 2);
      const seconds = heard.all().length / secondBytes;
      expect(seconds * 1000).toBeLessThan(performance.now() - begun + 500);
      const found = find(words, heard.all());
      expect(found.likeness).toBeGreaterThan(0.99);
      expect(others.all().equals(heard.all())).toBe(true);
      expect(microphone.levels()).toMatchObject({ ms: 1000, clippedShare: 0 });
    });

    it('says when it is gone, and why, and hears again when it is back', async () => {
      const { microphone, unplug, plugIn } = start(open);
      const causes: string[] = [];
      microphone.onFailure((cause) => causes.push(cause));
      const restored = new Promise<void>((resolve) => microphone.onRestored(resolve));
      const heard = listen(microphone);
      await heard.bytes(1);
      await unplug();
      await eventually(
        async () => microphone.state(),
        (state) => state === 'failed',
      );
      expect(microphone.levels()).toBeNull();
      await plugIn();
      await restored;
      const before = heard.all().length;
      await heard.bytes(before + 1);
      expect(microphone.state()).toBe('recording');
      expect(causes.length).toBeGreaterThan(0);
      for (const cause of causes) expect(cause).toMatch(/^.{10,}$/);
    });

    it('is silent once closed, however often', async () => {
      const { microphone } = start(open);
      const heard = listen(microphone);
      await heard.bytes(1);
      microphone.close();
      microphone.close();
      const before = heard.all().length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(heard.all().length).toBe(before);
      expect([microphone.state(), microphone.levels()]).toEqual(['off', null]);
    });
  });
}

const secondBytes = bytesPerSample * samplesPerSecond;

function start(open: () => MicrophoneUnderTest): MicrophoneUnderTest {
  const made = open();
  onTestFinished(() => made.microphone.close());
  return made;
}

/** Keeps what a microphone gives. */
export function listen(microphone: Microphone) {
  const parts: Buffer[] = [];
  let length = 0;
  const waiting = new Set<() => void>();
  microphone.onAudio((audio) => {
    expect(audio.length % (bytesPerSample * microphone.channels)).toBe(0);
    parts.push(Buffer.from(audio));
    length += audio.length;
    for (const look of waiting) look();
  });
  return {
    all: () => Buffer.concat(parts),
    /** Waits until so many bytes have come in all. */
    bytes: (wanted: number) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (length < wanted) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
