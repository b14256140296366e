import type { Buttons } from './contract.ts';

/** Keys that code presses: for the demonstration hall, and wherever no panel is at hand. */
export interface SimulatedButtons extends Buttons {
  /** Presses the level's key now. */
  press(level: string): void;
  /** Presses the clerk's own key now. */
  pressClerkKey(): void;
  /** Takes the panel away, as a pulled plug would. */
  fail(cause: string): void;
}

/** Keys for the levels, best first. `now` gives milliseconds. A level that the panel lacks is a mistake of the caller. */
export function createSimulatedButtons(levels: readonly string[], now: () => number): SimulatedButtons {
  let pressed: ((level: string, at: number) => void)[] = [];
  let clerkKey: ((at: number) => void)[] = [];
  let failed: ((cause: string) => void)[] = [];
  return {
    onPress: (listener) => void pressed.push(listener),
    onClerkKey: (listener) => void clerkKey.push(listener),
    onFailure: (listener) => void failed.push(listener),
    press(level) {
      if (!levels.includes(level)) throw new Error(`The panel has no key ${level}: its keys are ${levels.join(', ')}`);
      for (const listener of pressed) listener(level, now());
    },
    pressClerkKey() {
      for (const listener of clerkKey) listener(now());
    },
    fail(cause) {
      for (const listener of failed) listener(cause);
    },
    close() {
      pressed = [];
      clerkKey = [];
      failed = [];
    },
  };
}
