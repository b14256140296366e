import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what takes long to make is kept between two runs of this suite. Removing it costs the next run some minutes. */
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'manyi-hardware');

/** The folder of that name, made by `make` if it is not there. What was begun and not finished does not count. */
export function kept(name: string, make: (folder: string) => void): string {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const begun = `${folder}.${process.pid}`;
  mkdirSync(begun, { recursive: true });
  try {
    make(begun);
  } catch (error) {
    rmSync(begun, { recursive: true, force: true });
    throw error;
  }
  try {
    renameSync(begun, folder);
  } catch (error) {
    // Another run of the suite has made the same meanwhile.
    rmSync(begun, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Runs a program in a folder; throws an Error with what it wrote if it fails. */
export function run(folder: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
