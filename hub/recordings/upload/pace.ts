import { setTimeout } from 'node:timers/promises';

/** Lets bytes through at no more than a rate, whoever they come from, so that what else the hub does keeps its share of the machine. */
export interface Pace {
  /** Resolves when these bytes may go on. */
  take(bytes: number): Promise<void>;
}

/** `perSecond` bytes; what was not used in the last tenth of a second may be made up for. */
export function createPace(perSecond: number, now: () => number = () => performance.now()): Pace {
  const burstMs = 100;
  let free = 0;
  return {
    async take(bytes) {
      const at = now();
      free = Math.max(free, at - burstMs) + (bytes / perSecond) * 1000;
      const wait = free - at;
      if (wait > 1) await setTimeout(wait);
    },
  };
}
