import type Sqlite from 'better-sqlite3';
import type { Database } from '../database/database.ts';
import type { RecordingCursor, RecordingFilter, RecordingRecord } from './recording.ts';
import { countTotals, type Totals } from './totals.ts';

/** Some clips, and where to go on; null at the end. Fewer than asked for does not mean the end. */
export interface RecordingStep {
  readonly records: RecordingRecord[];
  readonly next: RecordingCursor | null;
}

export interface RecordingStore {
  find(recording: string): RecordingRecord | null;
  /** The next clips after the cursor, newest first, at most `limit`. Looks through a bounded number of rows whatever the filter. */
  list(filter: RecordingFilter, cursor: RecordingCursor | null, limit: number): RecordingStep;
  /** Moves a clip on; false when it is not in that state any more. */
  move(recording: string, from: RecordingRecord['state'], to: RecordingRecord['state']): boolean;
  hold(recording: string, held: boolean): void;
  totals(): Totals;
  inState(state: RecordingRecord['state'], limit: number): RecordingRecord[];
  /** Stored clips of a site that nobody holds and that began before a time, oldest first, after the cursor. */
  oldest(site: string, before: number, after: RecordingCursor | null, limit: number): RecordingRecord[];
  zones(): Map<string, string>;
  /** Runs work in one transaction. */
  together<T>(work: () => T): T;
}

/** How many rows one step looks through, so that a rare clip holds nobody up. */
const scannedAtOnce = 5000;

const columns = `r.recording, r.site, r.terminal, r.counter, r.clerk, r.service, r.started, r.duration_ms AS durationMs,
  r.pressed_at_ms AS pressedAtMs, r.bytes, r.sha256, r.speech_share AS speechShare, r.peak, r.clipped_share AS clippedShare, r.repaired,
  r.state, r.held, s.level, s.profile`;
const tables = (index = '') => `recordings r ${index} LEFT JOIN services s ON s.service = r.service`;

export function createRecordingStore({ sqlite }: Database): RecordingStore {
  const find = sqlite.prepare<[string], RecordingRecord>(`SELECT ${columns} FROM ${tables()} WHERE r.recording = ?`);
  const move = sqlite.prepare('UPDATE recordings SET state = ? WHERE recording = ? AND state = ?');
  const hold = sqlite.prepare('UPDATE recordings SET held = ? WHERE recording = ?');
  const all = sqlite.prepare<[], Totals>(
    "SELECT count(*) AS stored, coalesce(sum(bytes), 0) AS bytes FROM recordings WHERE state = 'stored'",
  );
  const totals = countTotals(() => all.get() ?? { stored: 0, bytes: 0 });
  const inState = sqlite.prepare<[string, number], RecordingRecord>(
    `SELECT ${columns} FROM ${tables()} WHERE r.state = ? LIMIT ?`,
  );
  const oldest = sqlite.prepare<[object], RecordingRecord>(
    `SELECT ${columns} FROM ${tables('INDEXED BY recordings_of_site')}
     WHERE r.site = @site AND r.started < @before AND (r.started, r.recording) > (@started, @recording)
       AND r.state = 'stored' AND r.held = 0
     ORDER BY r.started, r.recording LIMIT @limit`,
  );
  const sites = sqlite.prepare<[], { id: string; time_zone: string }>('SELECT id, time_zone FROM sites ORDER BY id');
  return {
    find: (recording) => find.get(recording) ?? null,
    list: (filter, cursor, limit) => takeStep(sqlite, filter, cursor, limit),
    move(recording, from, to) {
      const isMoved = move.run(to, recording, from).changes > 0;
      if (isMoved) totals.moved(from, to, find.get(recording)?.bytes ?? 0);
      return isMoved;
    },
    hold: (recording, held) => void hold.run(held ? 1 : 0, recording),
    totals: totals.now,
    inState: (state, limit) => inState.all(state, limit),
    oldest: (site, before, after, limit) =>
      oldest.all({ site, before, limit, started: after?.started ?? -8.64e15, recording: after?.recording ?? '' }),
    zones: () => new Map(sites.all().map((site) => [site.id, site.time_zone])),
    together(work) {
      try {
        return sqlite.transaction(work).immediate();
      } catch (error) {
        totals.doubt();
        throw error;
      }
    },
  };
}

function takeStep(
  sqlite: Sqlite.Database,
  filter: RecordingFilter,
  cursor: RecordingCursor | null,
  limit: number,
): RecordingStep {
  const values = {
    ...filter,
    sites: JSON.stringify(filter.sites),
    site: filter.sites?.[0] ?? null,
    from: filter.from ?? -8.64e15,
    to: filter.to ?? 8.64e15,
    started: cursor?.started ?? null,
    id: cursor?.recording ?? null,
    scan: scannedAtOnce,
    limit,
  };
  const scanned = `SELECT ${columns} FROM ${tables(indexFor(filter))} WHERE ${range(filter, cursor)}
    ORDER BY r.started DESC, r.recording DESC`;
  const records = sqlite
    .prepare<[object], RecordingRecord>(`SELECT * FROM (${scanned} LIMIT @scan) WHERE ${sought} LIMIT @limit`)
    .all(values);
  const after = (record: RecordingRecord | undefined) =>
    record === undefined ? null : { started: record.started, recording: record.recording };
  if (records.length === limit) return { records, next: after(records.at(-1)) };
  const last = sqlite.prepare<[object], RecordingRecord>(`${scanned} LIMIT 1 OFFSET @scan - 1`).get(values);
  return { records, next: after(last) };
}

/** What rows are looked through: by the index that leaves the fewest. */
function indexFor({ service, clerk, sites }: RecordingFilter): string {
  if (service !== null) return 'INDEXED BY recordings_of_service';
  if (clerk !== null) return 'INDEXED BY recordings_of_clerk';
  return `INDEXED BY ${sites?.length === 1 ? 'recordings_of_site' : 'recordings_by_time'}`;
}

function range({ service, clerk, sites }: RecordingFilter, cursor: RecordingCursor | null): string {
  const whose =
    service !== null
      ? 'r.service = @service AND'
      : clerk !== null
        ? 'r.clerk = @clerk AND'
        : sites?.length === 1
          ? 'r.site = @site AND'
          : '';
  const onwards = cursor === null ? '' : 'AND (r.started, r.recording) < (@started, @id)';
  return `${whose} r.started >= @from AND r.started < @to ${onwards}`;
}

const sought = `(@sites = 'null' OR site IN (SELECT value FROM json_each(@sites)))
  AND (@clerk IS NULL OR clerk = @clerk) AND (@counter IS NULL OR counter = @counter) AND (@level IS NULL OR level = @level)
  AND (@state IS NULL OR state = @state) AND (@leastMs IS NULL OR durationMs >= @leastMs)
  AND (@mostMs IS NULL OR durationMs <= @mostMs)`;
