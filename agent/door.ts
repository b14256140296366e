import type { Panel } from './panel.ts';
import type { RosterCopy } from './roster.ts';
import type { Runner, Taken } from './runner.ts';
import type { ScreenInput } from './screen/input.ts';
import type { Input } from './service/inputs.ts';
import { createTaps } from './taps.ts';

/** Through here comes what people do at the counter, whether on the screen, the panel or a reader. */
export interface Door {
  /** Resolves when what came of it is on the disk; rejects when nothing was kept. */
  input(input: ScreenInput): Promise<void>;
  /** A key of the panel went down at `at` (milliseconds of `performance.now()`). */
  press(level: string, at: number): Promise<void>;
  /** The clerk's own key went down at `at`, by the agent's own time: it is none of the faces, and the panel's filter does not see it. */
  clerkKey(at: number): Promise<void>;
  /** Whether somebody ought to be told now that a badge was refused. */
  badgeRefused(): boolean;
}

export interface DoorParts {
  readonly runner: Runner;
  readonly panel: Panel;
  readonly roster: RosterCopy;
  readonly isEnrolled: () => boolean;
  readonly onRefused: () => void;
}

/** How long the screen says that a badge was refused, in milliseconds. */
const refusalShownMs = 4000;

export function createDoor({ runner, panel, roster, isEnrolled, onRefused }: DoorParts): Door {
  const taps = createTaps(() => performance.now());
  let refusedUntil = 0;

  async function lookUp(code: string): Promise<Taken | null> {
    const clerk = await roster.clerkOfBadge(code);
    if (clerk !== null) {
      refusedUntil = 0;
      return { input: { type: 'badge', clerk } };
    }
    refusedUntil = performance.now() + refusalShownMs;
    onRefused();
    return null;
  }

  /** The same badge within 2 s is one tap, whichever reader tells of it: a second one would tap the clerk out again. */
  async function badge(code: string): Promise<void> {
    if (taps.isAgain(code)) return;
    try {
      await runner.run(() => lookUp(code));
    } catch (error) {
      taps.forget();
      throw error;
    }
  }

  /** Without a place in a hub a press would belong to nobody: nothing is taken, and the screen says why. */
  function enrolledOnly(work: () => Promise<void>): Promise<void> {
    return isEnrolled() ? work() : Promise.reject(new Error('this terminal is not enrolled'));
  }

  return {
    input: (input) =>
      enrolledOnly(() => {
        if (input.type === 'press') return panel.touch(input.level);
        return input.type === 'badge' ? badge(input.code) : runner.run({ input: inputOf(input) });
      }),
    press: (level, at) => enrolledOnly(() => panel.press(level, at)),
    clerkKey: (at) => enrolledOnly(() => runner.run({ input: { type: 'clerk-key' }, at })),
    badgeRefused: () => performance.now() < refusedUntil,
  };
}

function inputOf(input: Exclude<ScreenInput, { type: 'press' | 'badge' }>): Input {
  switch (input.type) {
    case 'next':
      return { type: 'next', ticket: null, business: null };
    case 'pause':
      return { type: 'pause', reason: null };
    case 'skip':
      // The rules take "not now" on the reason page as giving none.
      return { type: 'not-now' };
    case 'invite':
    case 'end':
    case 'resume':
    case 'not-now':
    case 'reason':
      return input;
    default:
      return input satisfies never;
  }
}
