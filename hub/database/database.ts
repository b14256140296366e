import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { lockFolder } from './lock.ts';
import { spine } from './migrations/0001-spine.ts';
import { recordings } from './migrations/0002-recordings.ts';
import { recordingPolicy } from './migrations/0003-recording-policy.ts';
import { ratingsByTime } from './migrations/0004-ratings-by-time.ts';
import { partFailures } from './migrations/0005-part-failures.ts';
import { pages } from './migrations/0006-pages.ts';
import { terminalKeys } from './migrations/0007-terminal-keys.ts';
import { recordingFaults } from './migrations/0008-recording-faults.ts';
import { quarantineBeyond } from './migrations/0009-quarantine-beyond.ts';
import { alerts } from './migrations/0010-alerts.ts';
import { cases } from './migrations/0011-cases.ts';
import type { Schema } from './schema.ts';

/** The hub's store: `sqlite` for the prepared statements of the hot path, `query` for everything else. One connection under both. */
export interface Database {
  readonly sqlite: Sqlite.Database;
  readonly query: Kysely<Schema>;
  close(): Promise<void>;
}

/**
 * Opens (or makes) `hub.db` in the folder and brings its schema up to date. WAL with full sync: what is committed survives a
 * power cut. Throws when the folder cannot be written, another hub has it open, or the file was made by a newer version.
 */
export function openDatabase(folder: string): Database {
  mkdirSync(folder, { recursive: true });
  const unlock = lockFolder(folder);
  try {
    return openStore(join(folder, 'hub.db'), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Opens a database file of a hub, or a copy of one, only to read in it: nothing is made, brought up to date or locked. */
export function openForReading(file: string): Sqlite.Database {
  return new Sqlite(file, { readonly: true, fileMustExist: true });
}

function openStore(file: string, unlock: () => void): Database {
  // The files beside it take their rights from this one.
  closeSync(openSync(file, 'a', 0o600));
  const sqlite = new Sqlite(file);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  // In pages, 16 MB: a page that changes again and again, as tallies do, is written back less often.
  sqlite.pragma('wal_autocheckpoint = 4000');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('cache_size = -65536');
  migrate(sqlite);
  const query = new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqlite }) });
  return { sqlite, query, close: () => query.destroy().finally(unlock) };
}

/** Every step of the schema in its order. A step that has been released is never changed. */
const migrations = [
  spine,
  recordings,
  recordingPolicy,
  ratingsByTime,
  partFailures,
  pages,
  terminalKeys,
  recordingFaults,
  quarantineBeyond,
  alerts,
  cases,
];

/** Applies the steps that the file has not seen, each in a transaction; `user_version` counts them. */
function migrate(sqlite: Sqlite.Database): void {
  const done = Number(sqlite.pragma('user_version', { simple: true }));
  if (done > migrations.length) {
    throw new Error(`the data folder was written by a newer version of Manyi (schema ${done}): install that version`);
  }
  migrations.slice(done).forEach((statements, index) => {
    sqlite.transaction(() => {
      sqlite.exec(statements);
      sqlite.pragma(`user_version = ${done + index + 1}`);
    })();
  });
}
