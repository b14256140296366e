import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/**
 * Keeps every other hub out of the folder until the returned function is called. The system lets go by itself when the process
 * ends, however it ends: the lock is an open transaction on a file of its own, not the file. Throws when another has it.
 */
export function lockFolder(folder: string): () => void {
  const lock = new Sqlite(join(folder, 'hub.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const busy = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
    if (!busy) throw error;
    throw new Error(
      `another hub is running on the data folder ${folder}: stop it, or set MANYI_DATA to another folder`,
    );
  }
  return () => lock.close();
}
