import type { Clock } from '../clock.ts';
import type { IngestStore } from './store.ts';

/** Counts what is refused at the door, in memory for up to a second: a flood of refusals must not become a flood of writes. */
export interface RefusalCounter {
  count(terminal: string, why: string): void;
  close(): void;
}

const writeEveryMs = 1000;

export function refusalCounter(store: IngestStore, clock: Clock, onError: (error: unknown) => void): RefusalCounter {
  let counts = new Map<string, { terminal: string; why: string; count: number }>();
  let timer: NodeJS.Timeout | null = null;

  const write = () => {
    timer = null;
    const waiting = counts;
    counts = new Map();
    for (const { terminal, why, count } of waiting.values()) {
      try {
        store.refuse(terminal, why, count, clock.now());
      } catch (error) {
        onError(error);
      }
    }
  };

  return {
    count(terminal, why) {
      const known = counts.get(`${terminal} ${why}`);
      if (known === undefined) counts.set(`${terminal} ${why}`, { terminal, why, count: 1 });
      else known.count += 1;
      timer ??= setTimeout(write, writeEveryMs);
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      write();
    },
  };
}
