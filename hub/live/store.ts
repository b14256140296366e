import type { Database } from '../database/database.ts';
import { openZones, type Zones } from '../database/zones.ts';

export interface PlacedTerminal {
  readonly id: string;
  readonly site: string;
  readonly counter: string;
}

export interface OpenDuty {
  readonly counter: string;
  readonly clerk: string;
  readonly name: string;
  readonly started: number;
  readonly paused: number | null;
}

export interface CountedService {
  readonly service: string;
  readonly counter: string;
  readonly level: string | null;
  readonly outcome: string | null;
  readonly counted_at: number;
  readonly unprompted: number;
}

export interface LiveStore {
  readonly zones: Zones;
  /** The newest position in the database. */
  position(): number;
  terminals(): PlacedTerminal[];
  terminal(id: string): PlacedTerminal | null;
  /** Who is on duty, oldest first. */
  duties(site: string): OpenDuty[];
  /** The services counted since an instant, newest first, read as they are taken. */
  services(site: string, since: number): IterableIterator<CountedService>;
  /** Runs the reading at one moment of the database. */
  atOnce<T>(read: () => T): T;
}

export function createLiveStore(database: Database): LiveStore {
  const { sqlite } = database;
  const newest = sqlite.prepare<[], number>('SELECT coalesce(max(position), 0) FROM ledger').pluck();
  const terminals = sqlite.prepare<[], PlacedTerminal>('SELECT id, site, counter FROM terminals ORDER BY id');
  const terminal = sqlite.prepare<[string], PlacedTerminal>('SELECT id, site, counter FROM terminals WHERE id = ?');
  const duties = sqlite.prepare<[string], OpenDuty>(
    `SELECT duties.counter, duties.clerk, coalesce(clerks.name, duties.clerk) AS name, duties.started, duties.paused
     FROM duties LEFT JOIN clerks ON clerks.id = duties.clerk
     WHERE duties.site = ? AND duties.ended IS NULL ORDER BY duties.started`,
  );
  const services = sqlite.prepare<[string, number], CountedService>(
    `SELECT service, counter, level, outcome, counted_at, unprompted FROM services
     WHERE site = ? AND counted_at >= ? ORDER BY counted_at DESC`,
  );
  return {
    zones: openZones(database),
    position: () => newest.get() ?? 0,
    terminals: () => terminals.all(),
    terminal: (id) => terminal.get(id) ?? null,
    duties: (site) => duties.all(site),
    services: (site, since) => services.iterate(site, since),
    atOnce: (read) => sqlite.transaction(read)(),
  };
}
