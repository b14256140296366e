import { randomUUID } from 'node:crypto';
import { createPressFilter, type Filtered } from '@manyi/firmware/buttons/filter';

/** Faces of the screen that were pressed since the agent began to run, by their level: those that are in events, or about to be. */
export interface Touched {
  /** Which run of the agent this was. */
  readonly run: string;
  readonly presses: Readonly<Record<string, number>>;
}

/** Every key and face of one counter, behind one filter. */
export interface Panel {
  /**
   * A face went down at `at` (milliseconds of `performance.now()`, now unless given). Resolves when what the filter made of it is
   * safe; rejects when it could not be kept. A second face may still take it back.
   */
  press(level: string, at?: number): Promise<void>;
  /** The same of a face on the screen, now. */
  touch(level: string): Promise<void>;
  touched(): Touched;
  /** Resolves when nothing that was pressed before can be taken back any more. */
  settled(): Promise<void>;
  close(): void;
}

/** `take` carries out what the filter tells. */
export function createPanel(take: (filtered: Filtered) => Promise<void>): Panel {
  let outcome: Promise<void> = Promise.resolve();
  let standing: Promise<void> = Promise.resolve();
  let stand = () => {};
  let last: Promise<void> = Promise.resolve();
  let isTouch = false;
  const run = randomUUID();
  const touched: Record<string, number> = {};

  /** What the filter tells of an edge, it tells at once. Only what was kept will be in an event. */
  function countTouch(level: string, taken: Promise<void>): void {
    if (!isTouch) return;
    taken.then(
      () => {
        touched[level] = (touched[level] ?? 0) + 1;
      },
      () => {},
    );
  }

  /** In their order, and a press only after what has waited for the one before it. */
  function inTurn(filtered: Filtered, settle: () => void): Promise<void> {
    const taken = last.then(() => {
      const carried = take(filtered);
      settle();
      return carried;
    });
    // Whoever pressed hears of a failure; where nobody waits it has been reported where it arose.
    last = taken.catch(() => {});
    return taken;
  }

  const filter = createPressFilter((filtered) => {
    if (filtered.type !== 'press') {
      const taken = inTurn(filtered, stand);
      if (filtered.type === 'stands') return taken;
      outcome = taken;
      countTouch(filtered.levels.at(-1) ?? '', taken);
      return taken;
    }
    outcome = inTurn(filtered, () => {});
    countTouch(filtered.level, outcome);
    standing = new Promise((resolve) => {
      stand = resolve;
    });
    return outcome;
  });
  function press(level: string, at = performance.now()): Promise<void> {
    filter.edge(level, at);
    // A bounce makes nothing of its own: it belongs to the face before it.
    return outcome;
  }

  return {
    press,
    touch(level) {
      isTouch = true;
      try {
        return press(level);
      } finally {
        isTouch = false;
      }
    },
    touched: () => ({ run, presses: { ...touched } }),
    settled: () => standing,
    close: filter.close,
  };
}
