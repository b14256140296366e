import type { Logger } from 'pino';

/** What is remembered of the hub's clock, also over a restart. Epoch milliseconds. */
export interface ClockSeen {
  /** What it said when it was believed last. */
  readonly believed: number;
  /** What it said last. */
  readonly last: number;
  /** Since when it is too far ahead; null while it is not. */
  readonly doubtedSince: number | null;
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
    const before = seen() ?? { believed: at, last: at, doubtedSince: null };
    const doubtedSince = doubted(before, at);
    see({ believed: doubtedSince === null ? at : before.believed, last: at, doubtedSince });
    if (doubtedSince === at) {
      const days = Math.floor((at - before.believed) / dayMs);
      const until = new Date(at + careMs).toISOString();
      log.warn(
        `the clock is ${days} days further than when the hub last believed it: no recording is deleted for its age before ${until}. Set the clock if it is wrong`,
      );
    }
    return doubtedSince === null;
  };
}

/** Since when a clock that says this is too far ahead; null when it is not, or has gone on like that for long enough. */
function doubted({ believed, last, doubtedSince }: ClockSeen, at: number): number | null {
  if (at - believed <= mostLeapMs) return null;
  // Set once more while it is doubted, it is another wrong one.
  const goesOn = doubtedSince !== null && at >= last && at - last <= mostLeapMs;
  if (!goesOn) return at;
  return at - doubtedSince < careMs ? doubtedSince : null;
}
