import type { Logger } from 'pino';

/** What is remembered of the hub's clock, also over a restart: when it was read last, and from when on it is believed. Epoch milliseconds. */
export interface ClockSeen {
  readonly last: number;
  readonly believedFrom: number;
}

export interface ClockWatchParts {
  readonly now: () => number;
  readonly seen: () => ClockSeen | null;
  readonly see: (seen: ClockSeen) => void;
  readonly log: Logger;
}

const dayMs = 24 * 60 * 60 * 1000;
/** A clock that goes ahead by more at once is wrong, or the hub was off for long. */
const mostLeapMs = 7 * dayMs;
/** For so long nothing is deleted by it then, so that somebody can set it right: every time that the dashboard shows is wrong with it. */
const careMs = 3 * dayMs;

/** Reads the clock now and then, and answers whether it may be deleted by age. What a wrong clock deletes is gone. */
export function watchClock({ now, seen, see, log }: ClockWatchParts): () => boolean {
  return () => {
    const at = now();
    const before = seen();
    const leap = before === null ? 0 : at - before.last;
    const isSetBack = before === null || leap < 0;
    const believedFrom = leap > mostLeapMs ? at + careMs : isSetBack ? at : before.believedFrom;
    see({ last: at, believedFrom });
    if (leap > mostLeapMs) {
      const days = Math.floor(leap / dayMs);
      const until = new Date(believedFrom).toISOString();
      log.warn(
        `the clock is ${days} days further than when the hub looked last: no recording is deleted for its age before ${until}. Set the clock if it is wrong`,
      );
    }
    return at >= believedFrom;
  };
}
