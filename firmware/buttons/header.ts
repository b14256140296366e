import { keepOpen, type Opened } from '../reopen.ts';
import type { Buttons } from './contract.ts';
import { createKeys, type Keys } from './keys.ts';

/** The keys on a board's own pins, whichever way they are read. */
export interface HeaderButtons extends Buttons {
  /** Calls the listener when keys that had failed work again. */
  onRestored(listener: () => void): void;
}

export interface HeaderParts {
  /** GPIO numbers, best level first. */
  readonly pins: readonly number[];
  readonly levels: readonly string[];
  /** The GPIO number of the clerk's own key, where there is one. */
  readonly clerkPin?: number | undefined;
  /** Milliseconds of the presses' clock. */
  readonly now: () => number;
}

/** Whoever read the pins before may need a moment to let go of them: two at once would take them from each other. */
let letGo: Promise<unknown> = Promise.resolve();

/** Opens the pins by `open`, which feeds the keys, and opens them anew whenever they were lost. */
export function createHeaderButtons(
  parts: HeaderParts,
  open: (pins: readonly number[], keys: Keys) => Promise<Opened>,
): HeaderButtons {
  const { levels, now } = parts;
  let pressListeners: ((level: string, at: number) => void)[] = [];
  let clerkListeners: ((at: number) => void)[] = [];
  function pressed(key: number, at: number): void {
    const level = levels[key];
    if (level === undefined) for (const listener of clerkListeners) listener(at);
    else for (const listener of pressListeners) listener(level, at);
  }

  async function attempt(): Promise<Opened> {
    const used = usedPins(parts);
    await letGo;
    const names = used.map((pin) => `GPIO${pin}`);
    const keys = createKeys({ names, now, pressed, trouble: (cause, name) => pinsOpen.trouble(cause, name) });
    try {
      const opened = await open(used, keys);
      return {
        ended: opened.ended,
        close() {
          keys.close();
          opened.close();
          letGo = opened.ended;
        },
      };
    } catch (error) {
      keys.close();
      throw error;
    }
  }

  const pinsOpen = keepOpen(attempt);
  return {
    onPress: (listener) => void pressListeners.push(listener),
    onClerkKey: (listener) => void clerkListeners.push(listener),
    onFailure: pinsOpen.onFailure,
    onRestored: pinsOpen.onRestored,
    close() {
      pressListeners = [];
      clerkListeners = [];
      pinsOpen.close();
    },
  };
}

/** The pins of the levels, and then the clerk's. */
function usedPins({ pins, levels, clerkPin }: HeaderParts): number[] {
  const used = pins.slice(0, levels.length);
  if (used.length < levels.length) {
    throw new Error(
      `MANYI_BUTTON_PINS names ${used.length} pins, but there are ${levels.length} levels: name one for each`,
    );
  }
  if (clerkPin === undefined) return used;
  if (used.includes(clerkPin)) {
    throw new Error(`MANYI_CLERK_PIN is ${clerkPin}, a level's pin in MANYI_BUTTON_PINS: name another pin`);
  }
  return [...used, clerkPin];
}
