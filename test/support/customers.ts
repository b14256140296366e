import { setTimeout as pass } from 'node:timers/promises';
import type { ScreenView } from '@manyi/agent/screen/view';
import { profiles } from '@manyi/config/profiles';
import type { AgentProgram } from './agent-program.ts';
import type { Counter } from './screen.ts';

/** One customer after the other at a counter of a `called` site, whatever happens to the programs. */
export interface Customers {
  /** The levels that count so far, in their order. */
  readonly rated: readonly string[];
  /** How many of them were thanked for; the others were kept, but the terminal died before it could say so. */
  readonly thanked: () => number;
  /** Resolves when the next face goes down: just before the terminal takes it. */
  pressed(): Promise<void>;
  /** Serves the last one to the end. */
  finish(): Promise<void>;
}

const levels = profiles['four-key'].levels.map((level) => level.name);

/** What was pressed last, until its service has ended. */
interface Press {
  readonly level: string;
  thanked: boolean;
}

/**
 * Calls a customer, who presses some face, then ends the service, and so on. When the terminal dies before its answer, it is asked
 * again afterwards: whoever was not heard is invited once more. Fails when that happens to somebody who had been thanked.
 */
export function serveCustomers(agent: AgentProgram): Customers {
  const rated: string[] = [];
  let thanked = 0;
  let over = false;
  let last: Press | null = null;
  const onPress: (() => void)[] = [];

  async function press(screen: Counter): Promise<void> {
    const mine: Press = { level: levels[Math.floor(Math.random() * levels.length)] as string, thanked: false };
    last = mine;
    const answer = screen.does({ type: 'press', level: mine.level });
    for (const tell of onPress.splice(0)) tell();
    if (!(await answer)) throw new Error('a press was not kept');
    mine.thanked = true;
    thanked += 1;
    rated.push(mine.level);
  }

  /** Does what the counter stands waiting for; false when everything is done. */
  async function step(screen: Counter): Promise<boolean> {
    const { phase } = await screen.shows(isWaiting);
    if (phase === 'invitation') {
      if (last?.thanked) throw new Error('somebody who had been thanked was asked again');
      await press(screen);
    } else if (phase === 'serving') {
      await (last === null ? press(screen) : screen.does({ type: 'end' }));
    } else {
      if (last !== null && !last.thanked) rated.push(last.level);
      last = null;
      if (over) return false;
      await screen.does({ type: 'next' });
    }
    return true;
  }

  async function serve(): Promise<void> {
    for (;;) {
      const screen = await agent.stepUp().catch(() => null);
      if (screen === null) {
        await pass(20);
        continue;
      }
      try {
        while (await step(screen));
        screen.close();
        return;
      } catch (error) {
        screen.close();
        if (!(error instanceof Error && error.message === 'the screen has gone')) throw error;
      }
    }
  }

  const serving = serve();
  serving.catch(() => {});
  return {
    rated,
    thanked: () => thanked,
    pressed: () => Promise.race([new Promise<void>((resolve) => onPress.push(resolve)), serving]),
    async finish() {
      over = true;
      await serving;
    },
  };
}

/** The page after a rating closes by itself. */
function isWaiting({ phase }: ScreenView): boolean {
  return phase !== 'thanks' && phase !== 'reason';
}
