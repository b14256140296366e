import type { Damage, RecordingFaults, WaitingRecordings } from '@manyi/config/recordings';
import { mostHeld } from '@manyi/config/terminal-settings';
import type Sqlite from 'better-sqlite3';
import type { Database } from '../database/database.ts';
import { openZones, type Zones } from '../database/zones.ts';
import type { Label } from './label.ts';
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
  /** A clip has come whole, also one that its terminal says it lost meanwhile. False when it is in another state. */
  arrived(recording: string): boolean;
  /** A stored clip cannot be read as it was. False when it is not there any more. */
  damaged(recording: string, damage: Damage, at: number): boolean;
  /** A damaged clip can be read again. */
  mended(recording: string): void;
  hold(recording: string, held: boolean): void;
  /** The held clips that a terminal has not sent yet, oldest first: as many as it can be told of. */
  heldAt(terminal: string): string[];
  /** How many clips each terminal of these sites (null means every one) still has. */
  waiting(sites: readonly string[] | null): WaitingRecordings[];
  totals(): Totals;
  /** Whether a clip was ever stored here, also when it is gone since. */
  hasKept(): boolean;
  /** How many clips of a site were told to be lost since a time (epoch milliseconds), and how many are damaged. */
  faults(site: string, since: number): RecordingFaults;
  /** Some of those whose sound is still to be taken away, in no order. */
  deleting(limit: number): string[];
  /** Clips of a site that are here, that nobody holds and that began before a time, oldest first, after the cursor. */
  oldest(site: string, before: number, after: RecordingCursor | null, limit: number): RecordingRecord[];
  /** The ids behind one (null is the first), in their order, with their states. */
  after(recording: string | null, limit: number): Pick<RecordingRecord, 'recording' | 'state'>[];
  /** Gives a row to a clip that is here and has none: held, for nobody knows whether it was. False when it has one. */
  found(recording: string, label: Label): boolean;
  /** What a clip's own label says, of one that its terminal has told of only that it was lost. */
  tell(recording: string, label: Label): void;
  readonly zones: Zones;
  /** Runs work in one transaction. */
  together<T>(work: () => T): T;
}

type State = RecordingRecord['state'];

/** How many rows one step looks through, so that a rare clip holds nobody up. */
const scannedAtOnce = 5000;

const columns = `r.recording, r.site, r.terminal, r.counter, r.clerk, r.service, r.started, r.duration_ms AS durationMs,
  r.pressed_at_ms AS pressedAtMs, r.bytes, r.sha256, r.speech_share AS speechShare, r.peak, r.clipped_share AS clippedShare, r.repaired,
  r.state, r.held, r.fault, r.fault_at AS faultAt, s.level, s.profile, c.number AS caseNumber, c.closed AS caseClosed`;
const tables = (index = '') =>
  `recordings r ${index} LEFT JOIN services s ON s.service = r.service LEFT JOIN cases c ON c.service = r.service`;

export function createRecordingStore({ sqlite }: Database): RecordingStore {
  const find = sqlite.prepare<[string], RecordingRecord>(`SELECT ${columns} FROM ${tables()} WHERE r.recording = ?`);
  const move = sqlite.prepare('UPDATE recordings SET state = ? WHERE recording = ? AND state = ?');
  const hold = sqlite.prepare('UPDATE recordings SET held = ? WHERE recording = ?');
  const all = sqlite.prepare<[], Totals>(
    "SELECT count(*) AS stored, coalesce(sum(bytes), 0) AS bytes FROM recordings WHERE state = 'stored'",
  );
  const totals = countTotals(() => all.get() ?? { stored: 0, bytes: 0 });
  const arrive = sqlite.prepare(
    "UPDATE recordings SET state = 'stored', fault = NULL, fault_at = NULL WHERE recording = ? AND state = ?",
  );
  const damage = sqlite.prepare(
    `UPDATE recordings SET state = 'damaged', fault_at = CASE WHEN fault IS @damage THEN fault_at ELSE @at END, fault = @damage
     WHERE recording = @recording AND state = @state`,
  );
  const heldAt = sqlite
    .prepare<[string, number], string>(
      `SELECT recording FROM recordings INDEXED BY recordings_held_away
       WHERE terminal = ? AND held = 1 AND state = 'announced' ORDER BY started LIMIT ?`,
    )
    .pluck();
  const count = sqlite
    .prepare<[string, string, number], number>(
      'SELECT count(*) FROM recordings INDEXED BY recordings_in_state WHERE state = ? AND site = ? AND fault_at >= ?',
    )
    .pluck();
  const waiting = sqlite.prepare<[object], WaitingRecordings>(
    `SELECT site, terminal, count(*) AS count, sum(held) AS held FROM recordings INDEXED BY recordings_in_state
     WHERE state = 'announced' AND (@sites = 'null' OR site IN (SELECT value FROM json_each(@sites)))
     GROUP BY site, terminal ORDER BY site, terminal`,
  );
  const deleting = sqlite
    .prepare<[number], string>("SELECT recording FROM recordings WHERE state = 'deleting' ORDER BY random() LIMIT ?")
    .pluck();
  const oldest = sqlite.prepare<[object], RecordingRecord>(
    `SELECT ${columns} FROM ${tables('INDEXED BY recordings_of_site')}
     WHERE r.site = @site AND r.started < @before AND (r.started, r.recording) > (@started, @recording)
       AND r.state IN ('stored', 'damaged') AND r.held = 0
     ORDER BY r.started, r.recording LIMIT @limit`,
  );
  const after = sqlite.prepare<[string, number], Pick<RecordingRecord, 'recording' | 'state'>>(
    'SELECT recording, state FROM recordings WHERE recording > ? ORDER BY recording LIMIT ?',
  );
  // No entry of the ledger tells of it: 0 stands for that.
  const add = sqlite.prepare(
    `INSERT OR IGNORE INTO recordings (recording, position, site, terminal, counter, clerk, service, started, duration_ms, pressed_at_ms,
       bytes, sha256, speech_share, peak, clipped_share, repaired, state, held)
     VALUES (@recording, 0, @site, @terminal, @counter, @clerk, @service, @started, @durationMs, @pressedAtMs,
       @bytes, @sha256, @speechShare, @peak, @clippedShare, @repaired, 'stored', 1)`,
  );
  const noteKept = sqlite.prepare(
    "INSERT OR IGNORE INTO hub_values (name, value) SELECT 'recordings-kept', '' WHERE EXISTS (SELECT 1 FROM recordings WHERE state IN ('stored', 'damaged'))",
  );
  const kept = sqlite.prepare<[], string>("SELECT value FROM hub_values WHERE name = 'recordings-kept'").pluck();
  noteKept.run();
  const tell = sqlite.prepare(
    `UPDATE recordings SET started = @started, duration_ms = @durationMs, pressed_at_ms = @pressedAtMs, bytes = @bytes, sha256 = @sha256,
       speech_share = @speechShare, peak = @peak, clipped_share = @clippedShare, repaired = @repaired
     WHERE recording = @recording AND bytes IS NULL`,
  );

  function counted(recording: string, from: State, to: State, { changes }: Sqlite.RunResult): boolean {
    if (changes > 0) totals.moved(from, to, find.get(recording)?.bytes ?? 0);
    return changes > 0;
  }
  function toStored(recording: string, from: State): boolean {
    const isStored = counted(recording, from, 'stored', arrive.run(recording, from));
    if (isStored) noteKept.run();
    return isStored;
  }
  const toDamaged = (recording: string, state: State, by: Damage, at: number) =>
    counted(recording, state, 'damaged', damage.run({ recording, state, damage: by, at }));

  return {
    find: (recording) => find.get(recording) ?? null,
    list: (filter, cursor, limit) => takeStep(sqlite, filter, cursor, limit),
    move: (recording, from, to) => counted(recording, from, to, move.run(to, recording, from)),
    arrived: (recording) => toStored(recording, 'announced') || toStored(recording, 'lost'),
    damaged: (recording, by, at) => toDamaged(recording, 'stored', by, at) || toDamaged(recording, 'damaged', by, at),
    mended: (recording) => void toStored(recording, 'damaged'),
    hold: (recording, held) => void hold.run(held ? 1 : 0, recording),
    heldAt: (terminal) => heldAt.all(terminal, mostHeld),
    waiting: (sites) => waiting.all({ sites: JSON.stringify(sites) }),
    totals: totals.now,
    hasKept: () => kept.get() !== undefined,
    faults: (site, since) => ({
      lost: count.get('lost', site, since) ?? 0,
      damaged: count.get('damaged', site, 0) ?? 0,
    }),
    deleting: (limit) => deleting.all(limit),
    oldest: (site, before, after, limit) =>
      oldest.all({ site, before, limit, started: after?.started ?? -8.64e15, recording: after?.recording ?? '' }),
    after: (recording, limit) => after.all(recording ?? '', limit),
    found(recording, label) {
      totals.doubt();
      const isAdded = add.run({ ...label, recording }).changes > 0;
      noteKept.run();
      return isAdded;
    },
    tell: (recording, label) => void tell.run({ ...label, recording }),
    zones: openZones({ sqlite }),
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
function indexFor(filter: RecordingFilter): string {
  const { service, clerk, sites } = filter;
  if (service !== null) return 'INDEXED BY recordings_of_service';
  if (clerk !== null) return 'INDEXED BY recordings_of_clerk';
  if (isOfFaults(filter)) return 'INDEXED BY recordings_with_fault';
  return `INDEXED BY ${sites?.length === 1 ? 'recordings_of_site' : 'recordings_by_time'}`;
}

function isOfFaults({ state, faultFrom }: RecordingFilter): boolean {
  return faultFrom !== null || state === 'lost' || state === 'damaged';
}

function range(filter: RecordingFilter, cursor: RecordingCursor | null): string {
  const onwards = cursor === null ? '' : 'AND (r.started, r.recording) < (@started, @id)';
  return `${whose(filter)} r.started >= @from AND r.started < @to ${onwards}`;
}

/** What the index begins with. */
function whose(filter: RecordingFilter): string {
  const { service, clerk, sites } = filter;
  if (service !== null) return 'r.service = @service AND';
  if (clerk !== null) return 'r.clerk = @clerk AND';
  if (isOfFaults(filter)) return 'r.fault IS NOT NULL AND';
  return sites?.length === 1 ? 'r.site = @site AND' : '';
}

const sought = `(@sites = 'null' OR site IN (SELECT value FROM json_each(@sites)))
  AND (@clerk IS NULL OR clerk = @clerk) AND (@counter IS NULL OR counter = @counter) AND (@level IS NULL OR level = @level)
  AND (@state IS NULL OR state = @state) AND (@faultFrom IS NULL OR faultAt >= @faultFrom)
  AND (@cases IS NULL OR (caseNumber IS NOT NULL) = (@cases = 'with')) AND (@leastMs IS NULL OR durationMs >= @leastMs)
  AND (@mostMs IS NULL OR durationMs <= @mostMs)`;
