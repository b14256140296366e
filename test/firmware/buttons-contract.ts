import type { Buttons } from '@manyi/firmware/buttons/contract';
import { beforeEach, describe, expect, it } from 'vitest';

/** A panel under test, and the means to act on it from outside. */
export interface PanelUnderTest {
  readonly buttons: Buttons;
  readonly levels: readonly string[];
  /** Milliseconds, on the clock that the driver was given. */
  readonly now: () => number;
  press(level: string): Promise<void> | void;
  fail(cause: string): Promise<void> | void;
}

/** What every driver of a panel must keep. `open` makes a fresh one. */
export function buttonsContract(driver: string, open: () => Promise<PanelUnderTest> | PanelUnderTest): void {
  describe(`the ${driver} panel keeps the contract of Buttons`, () => {
    let panel: PanelUnderTest;
    let heard: { level: string; at: number }[];
    beforeEach(async () => {
      panel = await open();
      heard = [];
      panel.buttons.onPress((level, at) => heard.push({ level, at }));
      return () => panel.buttons.close();
    });

    it('tells every key by its level, once a press, in order', async () => {
      for (const level of panel.levels) await panel.press(level);
      expect(heard.map((press) => press.level)).toEqual(panel.levels);
    });

    it('tells the same key as often as it is pressed', async () => {
      const level = panel.levels[0] ?? '';
      for (let n = 0; n < 3; n++) await panel.press(level);
      expect(heard).toHaveLength(3);
    });

    it('dates a press on the clock it was given', async () => {
      const before = panel.now();
      await panel.press(panel.levels[0] ?? '');
      expect(heard[0]?.at).toBeGreaterThanOrEqual(before);
      expect(heard[0]?.at).toBeLessThanOrEqual(panel.now());
    });

    it('tells every listener', async () => {
      let others = 0;
      panel.buttons.onPress(() => others++);
      await panel.press(panel.levels[0] ?? '');
      expect([heard.length, others]).toEqual([1, 1]);
    });

    it('says when it can no longer be read, and why', async () => {
      const causes: string[] = [];
      panel.buttons.onFailure((cause) => causes.push(cause));
      await panel.fail('the plug was pulled');
      expect(causes).toHaveLength(1);
      expect(causes[0]).not.toContain('\n');
    });

    it('is silent once closed, however often', async () => {
      panel.buttons.close();
      panel.buttons.close();
      await panel.press(panel.levels[0] ?? '');
      expect(heard).toEqual([]);
    });
  });
}

/** A panel with a key of the clerk's own. */
export interface ClerkPanelUnderTest extends PanelUnderTest {
  pressClerkKey(): Promise<void> | void;
}

/** What every driver must keep that can have a key of the clerk's own. */
export function clerkKeyContract(driver: string, open: () => Promise<ClerkPanelUnderTest> | ClerkPanelUnderTest): void {
  describe(`the clerk's key of the ${driver} panel keeps the contract of Buttons`, () => {
    let panel: ClerkPanelUnderTest;
    let heard: string[];
    let at: number[];
    beforeEach(async () => {
      panel = await open();
      heard = [];
      at = [];
      panel.buttons.onPress((level) => heard.push(level));
      panel.buttons.onClerkKey((when) => {
        heard.push('the clerk');
        at.push(when);
      });
      return () => panel.buttons.close();
    });

    it('is told once a press among those of the levels, and is none of them', async () => {
      const [first = '', last = ''] = [panel.levels[0], panel.levels.at(-1)];
      await panel.press(first);
      await panel.pressClerkKey();
      await panel.press(last);
      await panel.pressClerkKey();
      expect(heard).toEqual([first, 'the clerk', last, 'the clerk']);
    });

    it('is dated on the clock that was given', async () => {
      const before = panel.now();
      await panel.pressClerkKey();
      expect(at[0]).toBeGreaterThanOrEqual(before);
      expect(at[0]).toBeLessThanOrEqual(panel.now());
    });

    it('is silent once closed', async () => {
      panel.buttons.close();
      await panel.pressClerkKey();
      expect(heard).toEqual([]);
    });
  });
}
