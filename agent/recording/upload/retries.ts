import type { Clip } from '../clips/clips.ts';

/** When which clip is tried next: pauses grow while a clip, or the hub, does not get on. */
export interface Retries {
  /** The oldest clip whose time has come; else how long until one's comes, in milliseconds, or null when none waits. */
  next(clips: readonly Clip[]): Clip | number | null;
  /** Tries this one later, and others meanwhile. Answers how often in a row that has been, since it last got on. */
  postpone(recording: string, atLeastMs?: number): number;
  /** Tries nothing for a while. */
  postponeAll(atLeastMs?: number): void;
  /** The hub is there. */
  allGoesWell(): void;
  isAllWell(): boolean;
  /** The hub wants this one from that byte on: when that is further than before, it gets on. */
  reached(recording: string, offset: number): void;
  /** Whether this is the first time that something was wrong with this one; it begins anew then. */
  isFirstFault(recording: string): boolean;
  forget(recording: string): void;
}

interface Wait {
  failures: number;
  /** Milliseconds of `performance.now()`. */
  until: number;
  reached: number;
  faulty: boolean;
}

const longestWaitMs = 10 * 60_000;

/** Pauses in milliseconds: the shortest, and the longest while the hub does not take any; for one clip alone it is ten times as long. */
export function createRetries(shortestMs: number, longestMs: number): Retries {
  const ofOne = new Map<string, Wait>();
  let ofAll = fresh();

  function of(recording: string): Wait {
    const known = ofOne.get(recording) ?? fresh();
    ofOne.set(recording, known);
    return known;
  }

  /** The first time at once; then between half and all of a pause that doubles, so that a hall does not come back in one instant. */
  function postpone(wait: Wait, mostMs: number, atLeastMs: number): void {
    const doubled = Math.min(shortestMs * 2 ** Math.min(wait.failures, 30), mostMs);
    const pause = wait.failures === 0 ? 0 : doubled * (0.5 + Math.random() / 2);
    wait.failures += 1;
    wait.until = performance.now() + Math.max(pause, Math.min(atLeastMs, longestWaitMs));
  }

  return {
    next(clips) {
      const now = performance.now();
      const timeOf = ({ recording }: Clip) => Math.max(ofAll.until, ofOne.get(recording)?.until ?? 0);
      const due = clips.find((clip) => timeOf(clip) <= now);
      if (due !== undefined) return due;
      if (clips.length === 0) return null;
      return clips.reduce((soonest, clip) => Math.min(soonest, timeOf(clip)), Number.POSITIVE_INFINITY) - now;
    },
    postpone(recording, atLeastMs = 0) {
      postpone(of(recording), 10 * longestMs, atLeastMs);
      return of(recording).failures;
    },
    postponeAll: (atLeastMs = 0) => postpone(ofAll, longestMs, atLeastMs),
    allGoesWell() {
      ofAll = fresh();
    },
    isAllWell: () => ofAll.failures === 0,
    reached(recording, offset) {
      const wait = of(recording);
      if (offset <= wait.reached) return;
      wait.reached = offset;
      wait.failures = 0;
      ofAll = fresh();
    },
    isFirstFault(recording) {
      const wait = of(recording);
      const first = !wait.faulty;
      wait.faulty = true;
      wait.reached = 0;
      return first;
    },
    forget: (recording) => void ofOne.delete(recording),
  };
}

function fresh(): Wait {
  return { failures: 0, until: 0, reached: 0, faulty: false };
}
