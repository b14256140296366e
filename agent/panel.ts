import { createPressFilter, type Filtered } from '@manyi/firmware/buttons/filter';

/** Every key and face of one counter, behind one filter. */
export interface Panel {
  /**
   * A face went down at `at` (milliseconds of `performance.now()`, now unless given). Resolves when what the filter made of it is
   * safe; rejects when it could not be kept. A second face may still take it back.
   */
  press(level: string, at?: number): Promise<void>;
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
      if (filtered.type === 'two-faces') outcome = taken;
      return taken;
    }
    outcome = inTurn(filtered, () => {});
    standing = new Promise((resolve) => {
      stand = resolve;
    });
    return outcome;
  });
  return {
    press(level, at = performance.now()) {
      filter.edge(level, at);
      // A bounce makes nothing of its own: it belongs to the face before it.
      return outcome;
    },
    settled: () => standing,
    close: filter.close,
  };
}
