import { SettingsError } from '@manyi/config/settings';

const unwritable = /^(EACCES|EPERM|EROFS|ENOTDIR|ENOENT|EEXIST|SQLITE_CANTOPEN.*|SQLITE_READONLY.*)$/;
const full = /^(ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR.*)$/;
const broken = /^(SQLITE_NOTADB|SQLITE_CORRUPT.*)$/;

/** Why the hub could not start, in one line that says what to do. `data` is the data folder, null where it is not known yet. */
export function startFailure(error: unknown, data: string | null): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof SettingsError || data === null) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  if (unwritable.test(code)) {
    return `the data folder ${data} cannot be written (${error.message}): set MANYI_DATA to a folder that this user may write`;
  }
  if (full.test(code))
    return `the disk of the data folder ${data} is full or failing (${error.message}): make room and start again`;
  if (broken.test(code)) {
    return `${data}/hub.db is damaged (${error.message}): put a backup in its place, or move it away to begin empty`;
  }
  return error.message;
}
