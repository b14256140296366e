import { twoFacesWithinMs } from '@manyi/config/limits';
import { createPressFilter, type Filtered } from '@manyi/firmware/buttons/filter';

/** Every key and face of one counter, behind one filter. */
export interface Panel {
  /**
   * A face went down at `at` (milliseconds of `performance.now()`, now unless given). Resolves when what the filter made of it is
   * safe; rejects when it could not be kept.
   */
  press(level: string, at?: number): Promise<void>;
  /** Resolves when nothing that was pressed before is still being made out. */
  settled(): Promise<void>;
  close(): void;
}

/** `take` carries out what the filter lets through. */
export function createPanel(take: (filtered: Filtered) => Promise<void>): Panel {
  let waiting: ((outcome: Promise<void>) => void)[] = [];
  let latest: Promise<void> = Promise.resolve();
  const filter = createPressFilter((filtered) => {
    const told = waiting;
    waiting = [];
    const outcome = take(filtered);
    // Those who wait hear of a failure; with nobody waiting it has been reported where it arose.
    outcome.catch(() => {});
    for (const tell of told) tell(outcome);
  });
  return {
    press(level, at = performance.now()) {
      const outcome = new Promise<void>((resolve) => {
        waiting.push(resolve);
        // A bounce makes nothing of its own: it is done when the filter can have nothing more to say.
        setTimeout(resolve, 2 * twoFacesWithinMs);
        filter.edge(level, at);
      });
      latest = outcome.catch(() => {});
      return outcome;
    },
    settled: () => latest,
    close: filter.close,
  };
}
