import { statfsSync } from 'node:fs';
import type { Part } from '@manyi/config/events';
import type { Health } from '@manyi/config/status';
import type { Clock } from './clock.ts';

/** What works and what does not. */
export interface HealthBook {
  /** Notes how a part is; true when that is news. */
  note(part: Part, works: boolean): boolean;
  works(part: Part): boolean;
  report(clock: Clock): Health;
}

/** All parts work until somebody notes otherwise. `folder` is where the terminal keeps its data, `parts` what it has. */
export function createHealthBook(folder: string, parts: readonly Part[]): HealthBook {
  const works = new Map(parts.map((part) => [part, true]));
  return {
    note(part, well) {
      const news = (works.get(part) ?? true) !== well;
      works.set(part, well);
      return news;
    },
    works: (part) => works.get(part) ?? true,
    report: (clock) => ({
      uptimeMs: clock.uptimeMs(),
      residentBytes: process.memoryUsage.rss(),
      ...freeSpace(folder),
      clockSynced: clock.correction()?.synced ?? false,
      parts: Object.fromEntries(works),
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
