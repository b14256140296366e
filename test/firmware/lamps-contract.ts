import type { Lamps } from '@manyi/firmware/lamps/contract';
import type { Frame } from '@manyi/firmware/lamps/frames';
import { beforeEach, describe, it } from 'vitest';

/** Lamps under test, and what can be seen of them. */
export interface LampsUnderTest {
  readonly lamps: Lamps;
  /** Resolves when they look like that, be it for a moment. Never does when they never will. */
  look(frame: Frame): Promise<void>;
  /** Resolves when nothing has been lit for a while. */
  stayDark(): Promise<void>;
}

const dark: Frame = { faces: false, badge: false };
const resting: Frame = { faces: false, badge: true };
const asking: Frame = { faces: true, badge: true };

/** What every driver of lamps must keep. `open` makes a fresh one, all out. */
export function lampsContract(driver: string, open: () => Promise<LampsUnderTest> | LampsUnderTest): void {
  describe(`the ${driver} lamps keep the contract of Lamps`, () => {
    let under: LampsUnderTest;
    beforeEach(async () => {
      under = await open();
      return () => under.lamps.close();
    });

    it('light all faces alike, and the badge lamp, until another pattern comes', async () => {
      under.lamps.show('ask');
      await under.look(asking);
      under.lamps.show('ready');
      await under.look(resting);
      under.lamps.show('off');
      await under.stayDark();
    });

    it.each(['thanks', 'ask-again'] as const)('blink to say %s', async (pattern) => {
      under.lamps.show(pattern);
      await under.look(asking);
      await under.look(resting);
    });

    it('say on the badge lamp that somebody listens in, over every pattern', async () => {
      under.lamps.showListening(true);
      await under.look(resting);
      await under.look(dark);
      under.lamps.show('ask');
      await under.look(asking);
      await under.look({ faces: true, badge: false });
      under.lamps.show('off');
      under.lamps.showListening(false);
      await under.stayDark();
    });

    it('are out once closed, however often, and light nothing any more', async () => {
      under.lamps.show('ask');
      under.lamps.showListening(true);
      await under.look(asking);
      under.lamps.close();
      under.lamps.close();
      under.lamps.show('ask');
      await under.stayDark();
    });
  });
}
