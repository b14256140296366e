import type { AuditEntry, AuditedAct } from '@manyi/config/audit';
import type Sqlite from 'better-sqlite3';
import { openZones, type Zones } from '../database/zones.ts';
import type { Head } from './entry.ts';

/** The audit log as it is stored. There is no way to change or remove an entry: the table itself refuses. */
export interface AuditStore {
  last(): Head | null;
  add(entry: AuditEntry): void;
  /** The entries below a position, newest first. */
  page(filter: AuditFilter, below: number, limit: number): AuditEntry[];
  /** The entries after a position, in order. */
  after(position: number, limit: number): AuditEntry[];
  /** The acts of a kind that no entry is about, in order. */
  unended(what: AuditedAct): AuditEntry[];
  /** Who played or downloaded what a clerk can be heard in, or listened in while they were on duty, newest first. */
  hearings(clerk: string, told: Told, below: number, limit: number): HearingRow[];
  readonly zones: Zones;
  /** Whether a clerk is on duty at a terminal now, as far as the hub has heard. */
  isOnDuty(clerk: string, at: { readonly site: string; readonly terminal: string }): boolean;
}

export interface AuditFilter {
  readonly clerk: string | null;
  readonly recording: string | null;
  readonly what: AuditedAct | null;
}

/** Who is told of hearings: of which sites (null means every one), and of plays and downloads only before a time (epoch milliseconds). */
export interface Told {
  readonly sites: readonly string[] | null;
  readonly playsBefore?: number;
}

/** `endedBy` is the position of what ended it, `endDetail` its detail, `name` that of the user now. Null where there is none. */
export interface HearingRow extends AuditEntry {
  readonly endedAfterMs: number | null;
  readonly endedBy: number | null;
  readonly endDetail: string | null;
  readonly name: string | null;
}

const columns = `a.position, a.at, a.who, a.what, a.site, a.counter, a.clerk, a.service, a.recording, a.why, a.detail, a.about,
  a.lasted_ms AS lastedMs, a.previous, a.hash`;

/** Works on any open database of the hub, also one that can only be read. */
export function createAuditStore(sqlite: Sqlite.Database): AuditStore {
  const last = sqlite.prepare<[], Head>('SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1');
  const after = sqlite.prepare<[number, number], AuditEntry>(
    `SELECT ${columns} FROM audit a WHERE a.position > ? ORDER BY a.position LIMIT ?`,
  );
  return {
    last: () => last.get() ?? null,
    after: (position, limit) => after.all(position, limit),
    add: (entry) => void sqlite.prepare(insert).run(entry),
    page({ clerk, recording, what }, below, limit) {
      const of = clerk === null ? '' : 'AND a.clerk = @clerk';
      const about = recording === null ? '' : 'AND a.recording = @recording';
      const kind = what === null ? '' : 'AND a.what = @what';
      const sql = `SELECT ${columns} FROM audit a WHERE a.position > 0 AND a.position < @below ${of} ${about} ${kind}
        ORDER BY a.position DESC LIMIT @limit`;
      return sqlite.prepare<[object], AuditEntry>(sql).all({ clerk, recording, what, below, limit });
    },
    unended(what) {
      const sql = `SELECT ${columns} FROM audit a WHERE a.what = ? AND NOT EXISTS (SELECT 1 FROM audit e WHERE e.about = a.position)
        ORDER BY a.position`;
      return sqlite.prepare<[string], AuditEntry>(sql).all(what);
    },
    zones: openZones({ sqlite }),
    hearings(clerk, { sites, playsBefore = Number.MAX_SAFE_INTEGER }, below, limit) {
      const places = sites === null ? '' : 'AND a.site IN (SELECT value FROM json_each(@sites))';
      const sql = `SELECT ${columns}, e.lasted_ms AS endedAfterMs, e.position AS endedBy, e.detail AS endDetail, u.name
        FROM audit a LEFT JOIN audit e ON e.about = a.position LEFT JOIN users u ON u.username = a.who
        WHERE a.clerk = @clerk AND a.position < @below AND a.what IN ('recording.play', 'recording.download', 'listening.start')
          AND (a.what = 'listening.start' OR a.at < @playsBefore) ${places}
        ORDER BY a.position DESC LIMIT @limit`;
      return sqlite
        .prepare<[object], HearingRow>(sql)
        .all({ clerk, sites: JSON.stringify(sites), playsBefore, below, limit });
    },
    isOnDuty(clerk, { site, terminal }) {
      const sql = `SELECT clerk FROM duties WHERE site = ? AND terminal = ? AND ended IS NULL ORDER BY started DESC LIMIT 1`;
      return sqlite.prepare<[string, string], string>(sql).pluck().get(site, terminal) === clerk;
    },
  };
}

const insert = `INSERT INTO audit (position, at, who, what, site, counter, clerk, service, recording, why, detail, about, lasted_ms,
    previous, hash)
  VALUES (@position, @at, @who, @what, @site, @counter, @clerk, @service, @recording, @why, @detail, @about, @lastedMs,
    @previous, @hash)`;
