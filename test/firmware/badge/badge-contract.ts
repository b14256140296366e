import type { BadgeReader } from '@manyi/firmware/badge/contract';
import { beforeEach, describe, expect, it } from 'vitest';

/** A reader under test, and the means to act on it from outside. */
export interface ReaderUnderTest {
  readonly badges: BadgeReader;
  /** Two badges, as codes that the reader is to tell. */
  readonly codes: readonly [string, string];
  /** Shows a badge to the reader, and settles when it must have told it. */
  show(code: string): Promise<void> | void;
}

/** What every driver of a badge reader must keep. `open` makes a fresh one. */
export function badgeContract(driver: string, open: () => Promise<ReaderUnderTest> | ReaderUnderTest): void {
  describe(`the ${driver} reader keeps the contract of BadgeReader`, () => {
    let reader: ReaderUnderTest;
    let heard: string[];
    beforeEach(async () => {
      reader = await open();
      heard = [];
      reader.badges.onBadge((code) => heard.push(code));
      return () => reader.badges.close();
    });

    it('tells every badge by its code, in order', async () => {
      const [one, other] = reader.codes;
      await reader.show(one);
      await reader.show(other);
      await reader.show(one);
      expect(heard).toEqual([one, other, one]);
      for (const code of heard) expect(code).toMatch(/^[0-9A-Za-z]{4,32}$/);
    });

    it('tells every listener', async () => {
      let others = 0;
      reader.badges.onBadge(() => others++);
      await reader.show(reader.codes[0]);
      expect([heard.length, others]).toEqual([1, 1]);
    });

    it('is silent once closed, however often', async () => {
      reader.badges.close();
      reader.badges.close();
      await reader.show(reader.codes[0]);
      expect(heard).toEqual([]);
    });
  });
}
