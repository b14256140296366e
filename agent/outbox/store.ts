import Sqlite from 'better-sqlite3';
import type { Body } from './body.ts';
import type { Boot } from './boots.ts';

/** The SQL of the outbox. Nothing here decides anything; rules are in outbox.ts. */

const schema = `
  CREATE TABLE terminal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    outbox TEXT NOT NULL, next INTEGER NOT NULL, machine TEXT NOT NULL, state TEXT
  ) STRICT;
  CREATE TABLE boots (
    n INTEGER PRIMARY KEY, boot TEXT NOT NULL UNIQUE, anchor REAL NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    shift INTEGER, synced INTEGER
  ) STRICT;
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY, boot INTEGER NOT NULL, happened INTEGER NOT NULL, body BLOB NOT NULL, sum INTEGER NOT NULL,
    time INTEGER, synced INTEGER
  ) STRICT;
  CREATE TABLE commands (id TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT;
  PRAGMA user_version = 1;
`;

/** The one row that says whose outbox this is. `state` is JSON. */
export interface TerminalRow {
  readonly outbox: string;
  readonly next: number;
  readonly machine: string;
  readonly state: string | null;
}

/** An event as stored. `happened` is the agent's own time, `time` the true one that it was first sent with (epoch milliseconds). */
export interface EventRow {
  readonly seq: number;
  readonly boot: number;
  readonly happened: number;
  readonly body: Buffer;
  readonly sum: number;
  readonly time: number | null;
  readonly synced: number | null;
}

export type Store = ReturnType<typeof openStore>;

/** Opens or makes the file. Throws when it cannot be written, is broken, or was made by a newer version. */
export function openStore(path: string) {
  const sqlite = new Sqlite(path);
  try {
    prepareFile(sqlite);
    return { ...statements(sqlite), ...bootStatements(sqlite), close: (): void => void sqlite.close() };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function prepareFile(sqlite: Sqlite.Database): void {
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('cache_size = -2048');
  sqlite.pragma('journal_size_limit = 1048576');
  const version = Number(sqlite.pragma('user_version', { simple: true }));
  if (version === 0) sqlite.transaction(() => sqlite.exec(schema))();
  if (version > 1) throw new Error('the outbox was written by a newer version of Manyi: install that version');
  const health = sqlite.pragma('quick_check(1)', { simple: true });
  if (health !== 'ok') throw new Sqlite.SqliteError(String(health), 'SQLITE_CORRUPT');
}

function statements(sqlite: Sqlite.Database) {
  const terminal = sqlite.prepare<[], TerminalRow>('SELECT outbox, next, machine, state FROM terminal');
  const setTerminal = sqlite.prepare<TerminalRow>(
    'INSERT OR REPLACE INTO terminal (one, outbox, next, machine, state) VALUES (1, :outbox, :next, :machine, :state)',
  );
  const setState = sqlite.prepare<[string]>('UPDATE terminal SET state = ?');
  const take = sqlite.prepare<[], { seq: number }>('UPDATE terminal SET next = next + 1 RETURNING next - 1 AS seq');
  const insert = sqlite.prepare<EventRow>(
    `INSERT OR REPLACE INTO events (seq, boot, happened, body, sum, time, synced)
     VALUES (:seq, :boot, :happened, :body, :sum, :time, :synced)`,
  );
  const rewrite = sqlite.prepare<[Buffer, number, number]>('UPDATE events SET body = ?, sum = ? WHERE seq = ?');
  const first = sqlite.prepare<[], { seq: number | null }>('SELECT min(seq) AS seq FROM events');
  const unsent = sqlite.prepare<[number], { seq: number }>(
    'SELECT seq FROM events WHERE seq <= ? AND time IS NULL ORDER BY seq LIMIT 1',
  );
  const page = sqlite.prepare<[number, number], EventRow>('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?');
  const one = sqlite.prepare<[number], EventRow>('SELECT * FROM events WHERE seq = ?');
  const mark = sqlite.prepare<[number, number, number]>('UPDATE events SET time = ?, synced = ? WHERE seq = ?');
  const cut = sqlite.prepare<[number]>('DELETE FROM events WHERE seq >= ?');
  const setNext = sqlite.prepare<[number]>('UPDATE terminal SET next = ?');
  const drop = sqlite.prepare<[number]>('DELETE FROM events WHERE seq <= ?');
  const lift = sqlite.prepare<[number]>('UPDATE events SET seq = -(seq - ? + 1)');
  const settle = sqlite.prepare('UPDATE events SET seq = -seq');
  const command = sqlite.prepare<[string], { id: string }>('SELECT id FROM commands WHERE id = ?');
  const addCommand = sqlite.prepare<[string, number]>('INSERT INTO commands (id, expires) VALUES (?, ?)');
  const dropCommands = sqlite.prepare<[number]>('DELETE FROM commands WHERE expires < ?');
  return {
    /** Runs the work as one transaction, synced to disk when it returns. */
    durably: <T>(work: () => T): T => sqlite.transaction(work).immediate(),
    /** Runs the work as one transaction that a power cut may undo, but never half. */
    lightly: <T>(work: () => T): T => {
      sqlite.pragma('synchronous = NORMAL');
      try {
        return sqlite.transaction(work).immediate();
      } finally {
        sqlite.pragma('synchronous = FULL');
      }
    },
    terminal: () => terminal.get(),
    setTerminal: (row: TerminalRow) => setTerminal.run(row),
    setState: (state: string) => setState.run(state),
    /** Takes the next number. */
    takeNumber: () => take.get()?.seq,
    insert: (row: EventRow) => insert.run(row),
    rewrite: (seq: number, body: Body) => rewrite.run(body.bytes, body.sum, seq),
    first: () => first.get()?.seq ?? null,
    /** Whether a number up to this one was never sent. */
    hasUnsent: (through: number) => unsent.get(through) !== undefined,
    page: (after: number, limit: number) => page.all(after, limit),
    one: (seq: number) => one.get(seq),
    markSent: (seq: number, time: number, synced: boolean) => mark.run(time, synced ? 1 : 0, seq),
    /** Forgets everything from a number on, which is given out again. */
    takeBack: (from: number) => {
      cut.run(from);
      setNext.run(from);
    },
    dropThrough: (seq: number) => drop.run(seq).changes,
    /** Gives the numbers from `from` on to 1, 2, 3 …; in two steps, because a number is never in use twice. */
    renumber: (from: number) => {
      lift.run(from);
      settle.run();
    },
    hasCommand: (id: string) => command.get(id) !== undefined,
    addCommand: (id: string, expires: number) => addCommand.run(id, expires),
    dropCommands: (expiredBefore: number) => dropCommands.run(expiredBefore),
  };
}

/** A boot as stored. */
export interface BootRow extends Omit<Boot, 'correction'> {
  readonly shift: number | null;
  readonly synced: number | null;
}

function bootStatements(sqlite: Sqlite.Database) {
  const all = sqlite.prepare<[], BootRow>('SELECT * FROM boots ORDER BY n');
  const add = sqlite.prepare<[string, number, number, number]>(
    'INSERT INTO boots (boot, anchor, first, last) VALUES (?, ?, ?, ?)',
  );
  const put = sqlite.prepare<BootRow>(
    'INSERT INTO boots (n, boot, anchor, first, last, shift, synced) VALUES (:n, :boot, :anchor, :first, :last, :shift, :synced)',
  );
  const beat = sqlite.prepare<[number, string]>('UPDATE boots SET last = max(last, ?) WHERE boot = ?');
  const correct = sqlite.prepare<[number, number, string]>('UPDATE boots SET shift = ?, synced = ? WHERE boot = ?');
  const forget = sqlite.prepare(
    'DELETE FROM boots WHERE n < (SELECT max(n) FROM boots) - 1 AND n NOT IN (SELECT boot FROM events)',
  );
  return {
    boots: (): Boot[] =>
      all.all().map(({ shift, synced, ...boot }) => ({
        ...boot,
        correction: shift === null ? null : { shiftMs: shift, synced: synced === 1 },
      })),
    addBoot: (boot: string, anchor: number, now: number) => add.run(boot, anchor, now, now),
    putBoot: (boot: BootRow) => put.run(boot),
    beat: (boot: string, now: number) => beat.run(now, boot),
    correct: (boot: string, shiftMs: number, synced: boolean) => correct.run(shiftMs, synced ? 1 : 0, boot),
    /** Forgets boots that no event and no neighbour needs any more. */
    forgetBoots: () => forget.run(),
  };
}
