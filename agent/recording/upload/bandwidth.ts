import { setTimeout as wait } from 'node:timers/promises';

/** Lets a clip's bytes through no faster than the line may be used for them, and never before events. */
export interface Bandwidth {
  /** Resolves when no event waits to be sent. Rejects when the signal aborts. */
  clear(signal: AbortSignal): Promise<void>;
  /** Resolves when so many bytes may go on. Rejects when the signal aborts. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

const firstLookMs = 20;
const longestLookMs = 1000;

/** `perSecond` bytes, for one upload at a time. What was not used is not made up for. `eventsWait` says whether events are to go first. */
export function createBandwidth(perSecond: number, eventsWait: () => boolean): Bandwidth {
  /** When the bytes that were let through have gone, in milliseconds of `performance.now()`. */
  let gone = 0;

  async function clear(signal: AbortSignal): Promise<void> {
    for (let pause = firstLookMs; eventsWait(); pause = Math.min(pause * 2, longestLookMs)) {
      await wait(pause, undefined, { signal });
    }
  }

  return {
    clear,
    async take(bytes, signal) {
      const ahead = gone - performance.now();
      if (ahead > 0) await wait(ahead, undefined, { signal });
      await clear(signal);
      gone = Math.max(gone, performance.now()) + (bytes / perSecond) * 1000;
    },
  };
}
