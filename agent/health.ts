import { statfsSync } from 'node:fs';
import type { Part } from '@manyi/config/events';
import type { Health } from '@manyi/config/status';

/** What works and what does not. */
export interface HealthBook {
  /** Notes how a part is; true when that is news. */
  note(part: Part, works: boolean): boolean;
  works(part: Part): boolean;
  report(): Health;
}

export interface HealthParts {
  readonly folder: string;
  readonly uptimeMs: () => number;
  readonly clockSynced: () => boolean;
  /** The parts this terminal has. */
  readonly parts: readonly Part[];
}

/** All parts work until somebody notes otherwise. */
export function createHealthBook({ folder, uptimeMs, clockSynced, parts }: HealthParts): HealthBook {
  const works = new Map(parts.map((part) => [part, true]));
  return {
    note(part, well) {
      const news = works.get(part) !== well;
      works.set(part, well);
      return news;
    },
    works: (part) => works.get(part) ?? true,
    report: () => ({
      uptimeMs: uptimeMs(),
      residentBytes: process.memoryUsage.rss(),
      ...freeSpace(folder),
      clockSynced: clockSynced(),
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
