import { statfsSync } from 'node:fs';
import type { Part } from '@manyi/config/events';
import type { Health } from '@manyi/config/status';
import type { Clock } from './clock.ts';

/** What works and what does not. */
export interface HealthBook {
  /** Notes how a part is: it works (null), or has failed for this cause. True when that is news, as another cause is. */
  note(part: Part, cause: string | null): boolean;
  works(part: Part): boolean;
  /** The hub has had the parts tried then (epoch milliseconds). */
  tested(at: number): void;
  report(clock: Clock): Health;
}

/** All parts work until somebody notes otherwise. `folder` is where the terminal keeps its data, `parts` what it has. */
export function createHealthBook(folder: string, parts: readonly Part[]): HealthBook {
  const causes = new Map<Part, string | null>(parts.map((part) => [part, null]));
  const causeOf = (part: Part) => causes.get(part) ?? null;
  let tested: number | null = null;
  return {
    note(part, cause) {
      // A part that the terminal does not have is none of its own by not having failed.
      const news = causeOf(part) !== cause;
      if (news) causes.set(part, cause);
      return news;
    },
    works: (part) => causeOf(part) === null,
    tested(at) {
      tested = at;
    },
    report: (clock) => ({
      uptimeMs: clock.uptimeMs(),
      residentBytes: process.memoryUsage.rss(),
      ...freeSpace(folder),
      clockSynced: clock.correction()?.synced ?? false,
      parts: Object.fromEntries([...causes].map(([part, cause]) => [part, cause === null])),
      ...(tested === null ? {} : { tested: new Date(tested).toISOString() }),
    }),
  };
}

/** Left out when the folder cannot be asked: then the storage part says so. */
function freeSpace(folder: string): { freeDiskBytes?: number } {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return { freeDiskBytes: bavail * bsize };
  } catch {
    return {};
  }
}
