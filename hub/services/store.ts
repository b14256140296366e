import type Sqlite from 'better-sqlite3';
import type { Database } from '../database/database.ts';
import { openZones, type Zones } from '../database/zones.ts';
import { isWindowed, type RatingCursor, type RatingFilter, type RatingRecord, type RatingStep } from './ratings.ts';

/** A service as it is stored. */
export interface ServiceRecord {
  readonly service: string;
  readonly site: string;
  readonly terminal: string;
  readonly counter: string;
  readonly clerk: string;
  readonly duty: string | null;
  readonly profile: string;
  readonly started: number | null;
  readonly ended: number | null;
  readonly outcome: string | null;
  readonly level: string | null;
  readonly unprompted: number;
  readonly set_aside: string | null;
  readonly reason: string | null;
}

/** A ledger entry of a service. */
export interface EntryRecord {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly arrived: number;
  readonly terminal: string | null;
  readonly data: string;
}

export interface ServiceStore {
  readonly zones: Zones;
  /** The next ratings after the cursor, at most `limit`. Reads a bounded number of rows whatever the filter. */
  ratings(filter: RatingFilter, cursor: RatingCursor | null, limit: number): RatingStep;
  /** Those of the services of which a recording is stored. */
  recorded(services: readonly string[]): Set<string>;
  /** The service with its entries in the ledger's order, both read at one moment; null when nothing is known of it. */
  service(id: string): { service: ServiceRecord; entries: EntryRecord[] } | null;
}

/** How many rows one step looks through for ratings of a counter or level, so that a rare one holds nobody up. */
const scannedAtOnce = 5000;

export function createServiceStore(database: Database): ServiceStore {
  const { sqlite } = database;
  const service = sqlite.prepare<[string], ServiceRecord>(
    `SELECT service, site, terminal, counter, clerk, duty, profile, started, ended, outcome, level, unprompted, set_aside,
       reason FROM services WHERE service = ?`,
  );
  const entries = sqlite.prepare<[string], EntryRecord>(
    'SELECT position, id, type, time, arrived, terminal, data FROM ledger WHERE service = ? ORDER BY position',
  );
  const recorded = sqlite
    .prepare<[string], string>(
      `SELECT service FROM recordings INDEXED BY recordings_of_service
       WHERE service IN (SELECT value FROM json_each(?)) AND state = 'stored'`,
    )
    .pluck();
  const statements = new Map<string, Sqlite.Statement<[Record<string, unknown>], RatingRecord>>();
  const prepare = (sql: string) => {
    const known = statements.get(sql) ?? sqlite.prepare<[Record<string, unknown>], RatingRecord>(sql);
    if (statements.size > 100) statements.clear();
    statements.set(sql, known);
    return known;
  };
  const zones = openZones(database);

  return {
    zones,
    ratings(filter, cursor, limit) {
      const named = filter.sites ?? (isWindowed(filter) && filter.clerk === null ? [...zones.all().keys()] : null);
      if (named?.length === 0) return { records: [], next: null };
      const query = ratingQuery(filter, named, cursor);
      return takeStep(prepare, query, filter, limit);
    },
    recorded: (services) => new Set(recorded.all(JSON.stringify(services))),
    service: sqlite.transaction((id: string) => {
      const found = service.get(id);
      return found === undefined ? null : { service: found, entries: entries.all(id) };
    }),
  };
}

interface RatingQuery {
  readonly sql: string;
  readonly values: Record<string, unknown>;
}

/** Reads one step: the page itself, or as far as a bounded scan for a counter or level came. */
function takeStep(
  prepare: (sql: string) => Sqlite.Statement<[Record<string, unknown>], RatingRecord>,
  query: RatingQuery,
  filter: RatingFilter,
  limit: number,
): RatingStep {
  const windowed = isWindowed(filter);
  const after = (record: RatingRecord | undefined): RatingCursor | null =>
    record === undefined ? null : { at: windowed ? record.at : null, position: record.position };
  if (filter.counter === null && filter.level === null) {
    const records = prepare(`${query.sql} LIMIT @limit`).all({ ...query.values, limit });
    return { records, next: records.length < limit ? null : after(records.at(-1)) };
  }
  const scan = { ...query.values, scan: scannedAtOnce, counter: filter.counter, level: filter.level, limit };
  const sought = '(@counter IS NULL OR counter = @counter) AND (@level IS NULL OR level = @level)';
  const records = prepare(`SELECT * FROM (${query.sql} LIMIT @scan) WHERE ${sought} LIMIT @limit`).all(scan);
  if (records.length === limit) return { records, next: after(records.at(-1)) };
  const last = prepare(`${query.sql} LIMIT 1 OFFSET @scan - 1`).get({ ...query.values, scan: scannedAtOnce });
  return { records, next: after(last) };
}

/**
 * The ratings in their order, by an index in every case: of a clerk, of everything, or of each site merged. A window of a site is
 * read through the index of services by the time they are counted at, which holds the place of each rating.
 */
function ratingQuery(filter: RatingFilter, sites: readonly string[] | null, cursor: RatingCursor | null): RatingQuery {
  const windowed = isWindowed(filter);
  const values: Record<string, unknown> = { at: cursor?.at ?? null, position: cursor?.position ?? null };
  if (windowed)
    Object.assign(values, { from: filter.from ?? Number.MIN_SAFE_INTEGER, to: filter.to ?? Number.MAX_SAFE_INTEGER });
  const order = windowed ? 'ORDER BY at DESC, position DESC' : 'ORDER BY position DESC';
  if (filter.clerk !== null) {
    const places = sites === null ? '' : 'AND site IN (SELECT value FROM json_each(@sites))';
    const sql = `${ofClerk(windowed, cursor !== null)} ${places} ${order}`;
    return { sql, values: { ...values, clerk: filter.clerk, ...(sites !== null && { sites: JSON.stringify(sites) }) } };
  }
  if (sites === null) return { sql: `${ofAll(cursor !== null)} ${order}`, values };
  sites.forEach((site, index) => {
    values[`site${index}`] = site;
  });
  const arms = sites.map((_, index) => ofSite(`@site${index}`, windowed, cursor !== null));
  return { sql: `${arms.join(' UNION ALL ')} ${order}`, values };
}

const columns = `r.service AS service, r.time AS time, r.site AS site, r.counter AS counter,
  r.clerk AS clerk, r.level AS level, r.unprompted AS unprompted, r.set_aside AS set_aside`;
const byPosition = 'r.position AS position, r.time AS at';

const onwards = 'AND r.position < @position';

function ofAll(goesOn: boolean): string {
  return `SELECT ${columns}, ${byPosition} FROM ratings r WHERE 1 ${goesOn ? onwards : ''}`;
}

function ofClerk(windowed: boolean, goesOn: boolean): string {
  const window = windowed ? 'AND r.time >= @from AND r.time < @to' : '';
  const further = windowed ? 'AND (r.time, r.position) < (@at, @position)' : onwards;
  return `SELECT ${columns}, ${byPosition} FROM ratings r INDEXED BY ratings_of_clerk
    WHERE r.clerk = @clerk ${window} ${goesOn ? further : ''}`;
}

function ofSite(site: string, windowed: boolean, goesOn: boolean): string {
  if (!windowed) {
    return `SELECT ${columns}, ${byPosition} FROM ratings r INDEXED BY ratings_of_site
      WHERE r.site = ${site} ${goesOn ? onwards : ''}`;
  }
  const further = 'AND s.counted_at <= @at AND (s.counted_at, s.rating_position) < (@at, @position)';
  return `SELECT ${columns}, s.rating_position AS position, s.counted_at AS at
    FROM services s INDEXED BY services_by_time CROSS JOIN ratings r ON r.position = s.rating_position
    WHERE s.site = ${site} AND s.counted_at >= @from AND s.counted_at < @to ${goesOn ? further : ''}`;
}
