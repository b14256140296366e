import { existsSync, renameSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { BootRow, EventRow } from './store.ts';

/** Whether SQLite says that the file itself is broken. */
export function isBroken(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/** A name that is free yet, and says that something is broken and since when. */
function brokenName(path: string): string {
  const stamp = new Date().toISOString().replaceAll(':', '-').slice(0, 19);
  let name = `${path}.broken-${stamp}`;
  for (let n = 2; existsSync(name); n++) name = `${path}.broken-${stamp}-${n}`;
  return name;
}

/** Keeps a text that could not be understood in a file beside. Answers its path. */
export function keepAside(path: string, text: string): string {
  const aside = brokenName(path);
  writeFileSync(aside, text, { mode: 0o600 });
  return aside;
}

/** Renames a broken database, with what belongs to it, so that its name says so and when. Answers the new path. */
export function putAside(path: string): string {
  const aside = brokenName(path);
  for (const part of ['', '-wal', '-shm']) {
    if (existsSync(path + part)) renameSync(path + part, aside + part);
  }
  return aside;
}

/** What could still be read of a broken outbox. */
export interface Salvage {
  readonly state: string | null;
  readonly boots: readonly BootRow[];
  readonly events: readonly EventRow[];
}

/** Reads what can be read: events from the front up to the first break, and from the back down to the last. */
export function salvage(path: string): Salvage {
  let sqlite: Sqlite.Database | undefined;
  try {
    sqlite = new Sqlite(path);
    const states = readable<{ state: string | null }>(sqlite, 'SELECT state FROM terminal');
    const boots = readable<BootRow>(sqlite, 'SELECT * FROM boots ORDER BY n');
    return { state: states[0]?.state ?? null, boots, events: readEvents(sqlite) };
  } catch {
    return { state: null, boots: [], events: [] };
  } finally {
    sqlite?.close();
  }
}

function readEvents(sqlite: Sqlite.Database): EventRow[] {
  const fromFront = readable<EventRow>(sqlite, 'SELECT * FROM events ORDER BY seq');
  const last = fromFront.at(-1)?.seq ?? 0;
  const fromBack = readable<EventRow>(sqlite, `SELECT * FROM events WHERE seq > ${last} ORDER BY seq DESC`);
  return [...fromFront, ...fromBack.reverse()];
}

/** The rows up to the first that cannot be read. */
function readable<Row>(sqlite: Sqlite.Database, query: string): Row[] {
  const rows: Row[] = [];
  try {
    for (const row of sqlite.prepare<[], Row>(query).iterate()) rows.push(row);
  } catch {
    // Broken from here on; what was read so far is what there is.
  }
  return rows;
}
