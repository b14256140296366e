import { isProfileId, type ProfileId } from '@manyi/config/profiles';
import { siteMode } from '@manyi/config/terminal-settings';
import type Sqlite from 'better-sqlite3';
import type { Database } from '../database/database.ts';
import { contribution, type ServiceState } from '../tallies/tally.ts';
import type { Span } from '../tallies/windows.ts';
import { countColumns, type ScoredSite } from './scores.ts';

/** What tallies are grouped by: the start of their bucket, their clerk or counter, or nothing (the whole site). */
export type Grouping = 'clerk' | 'counter' | 'bucket' | 'site';

/** A key (for buckets an instant), and what was counted for it in the order of `countColumns`. */
export type Line = [key: string | number, ...counts: number[]];

/** Which tallies of a site. */
export interface TallyQuery {
  readonly site: string;
  readonly profile: ProfileId;
  readonly clerk: string | null;
  readonly by: Grouping;
}

/** A clerk who serves, and where. */
export interface ServingClerk {
  readonly id: string;
  readonly site: string;
}

export interface NamedCounter {
  readonly id: string;
  readonly site: string;
  readonly name: string;
}

export interface ScoreStore {
  sites(): ScoredSite[];
  clerkNames(): [id: string, name: string][];
  servingClerks(): ServingClerk[];
  counters(): NamedCounter[];
  /** The ledger's newest position. */
  position(): number;
  /** The tallies of whole buckets within the stretch, summed by key. */
  tallies(query: TallyQuery, span: Span, from: number, to: number): Line[];
  /** The services counted within the stretch, for a part of an hour: each by itself, with its key. */
  moments(query: TallyQuery, from: number, to: number): Line[];
  /** Runs the reading at one moment of the database. */
  atOnce<T>(read: () => T): T;
}

export function createScoreStore(database: Database): ScoreStore {
  const { sqlite } = database;
  const sites = sqlite.prepare<[], SiteRecord>('SELECT id, name, time_zone, mode, profile FROM sites ORDER BY id');
  const names = sqlite.prepare<[], [string, string]>('SELECT id, name FROM clerks').raw();
  const serving = sqlite.prepare<[], ServingClerk>('SELECT id, site FROM clerks WHERE active = 1');
  const counters = sqlite.prepare<[], NamedCounter>('SELECT id, site, name FROM counters');
  const head = sqlite.prepare<[], number | null>('SELECT MAX(position) FROM ledger').pluck();
  return {
    sites: () => sites.all().map(toSite),
    clerkNames: () => names.all(),
    servingClerks: () => serving.all(),
    counters: () => counters.all(),
    position: () => head.get() ?? 0,
    tallies: createSums(sqlite),
    moments: createMoments(sqlite),
    atOnce: (read) => sqlite.transaction(read)(),
  };
}

interface SiteRecord {
  readonly id: string;
  readonly name: string;
  readonly time_zone: string;
  readonly mode: string;
  readonly profile: string;
}

function toSite(record: SiteRecord): ScoredSite {
  if (!isProfileId(record.profile)) throw new Error(`site ${record.id} has the unknown profile ${record.profile}`);
  return {
    id: record.id,
    name: record.name,
    timeZone: record.time_zone,
    mode: siteMode.parse(record.mode),
    profile: record.profile,
  };
}

const keys: Readonly<Record<Grouping, string>> = { clerk: 'clerk', counter: 'counter', bucket: 'bucket', site: `''` };

/** One statement a grouping. A single bucket is asked for by equality: then its rows come in the order of clerks, and need no sorting. */
function createSums(sqlite: Sqlite.Database): ScoreStore['tallies'] {
  const statements = new Map<string, Sqlite.Statement<[Record<string, unknown>], Line>>();
  const statement = (by: Grouping, single: boolean, ofClerk: boolean) => {
    const name = `${by} ${single} ${ofClerk}`;
    const known =
      statements.get(name) ?? sqlite.prepare<[Record<string, unknown>], Line>(sumsOf(by, single, ofClerk)).raw();
    statements.set(name, known);
    return known;
  };
  const edge = (order: 'ASC' | 'DESC') =>
    sqlite
      .prepare<[Record<string, unknown>], number>(
        `SELECT bucket FROM tallies WHERE span = @span AND site = @site AND bucket >= @from AND bucket < @to
         ORDER BY bucket ${order} LIMIT 1`,
      )
      .pluck();
  const first = edge('ASC');
  const last = edge('DESC');
  return (query, span, from, to) => {
    const values = { span, site: query.site, profile: query.profile, from, to };
    const bucket = first.get(values);
    if (bucket === undefined) return [];
    const single = bucket === last.get(values);
    return statement(query.by, single, query.clerk !== null).all({
      ...values,
      ...(single && { bucket }),
      ...(query.clerk !== null && { clerk: query.clerk }),
    });
  };
}

function sumsOf(by: Grouping, single: boolean, ofClerk: boolean): string {
  return `SELECT ${keys[by]} AS key,
      ${countColumns.map((name) => `SUM(${name})`).join(', ')}
    FROM tallies
    WHERE span = @span AND site = @site AND ${single ? 'bucket = @bucket' : 'bucket >= @from AND bucket < @to'}
      AND profile = @profile ${ofClerk ? 'AND clerk = @clerk' : ''}
    GROUP BY key`;
}

type ServiceRecord = Omit<ServiceState, 'called' | 'pressedUninvited' | 'unprompted'> & {
  readonly called: number;
  readonly pressedUninvited: number;
  readonly unprompted: number;
};

/** Counts services one by one, by the very rule that the tallies are folded by. */
function createMoments(sqlite: Sqlite.Database): ScoreStore['moments'] {
  const statement = sqlite.prepare<[Record<string, unknown>], ServiceRecord>(
    `SELECT service, site, terminal, counter, clerk, duty, profile, called, started, ended, outcome, invited_by AS invitedBy,
       level, pressed_uninvited AS pressedUninvited, unprompted, set_aside AS setAside, reason, counted_at AS countedAt,
       rating_position AS ratingPosition
     FROM services
     WHERE site = @site AND counted_at >= @from AND counted_at < @to AND profile = @profile
       AND (@clerk IS NULL OR clerk = @clerk)`,
  );
  return (query, from, to) => {
    const { site, profile, clerk, by } = query;
    return statement.all({ site, profile, clerk, from, to }).flatMap((record): Line[] => {
      const counted = contribution({
        ...record,
        called: record.called === 1,
        pressedUninvited: record.pressedUninvited === 1,
        unprompted: record.unprompted === 1,
      });
      if (counted === null || (clerk !== null && counted.clerk !== clerk)) return [];
      const keys = { clerk: counted.clerk, counter: counted.counter, site: '', bucket: counted.at };
      return [[keys[by], ...countColumns.map((name) => counted.counts[name] ?? 0)]];
    });
  };
}
