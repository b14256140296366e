import type { Database } from './database.ts';

/** The time zones of the sites: for whoever tells a time as it was there, or has to know whether there is such a site. */
export interface Zones {
  /** UTC of a site that is not there. */
  of(site: string): string;
  has(site: string): boolean;
  /** By the ids of the sites, in their order. */
  all(): Map<string, string>;
}

export function openZones({ sqlite }: Pick<Database, 'sqlite'>): Zones {
  const one = sqlite.prepare<[string], string>('SELECT time_zone FROM sites WHERE id = ?').pluck();
  const all = sqlite.prepare<[], [string, string]>('SELECT id, time_zone FROM sites ORDER BY id').raw();
  return {
    of: (site) => one.get(site) ?? 'UTC',
    has: (site) => one.get(site) !== undefined,
    all: () => new Map(all.all()),
  };
}
