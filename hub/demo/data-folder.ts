import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a demo keeps what it makes up. */
export interface DemoFolder {
  readonly hub: string;
  readonly terminals: string;
  /** The demo is over: the next one may begin. What it made stays to be looked at until then. */
  leave(): void;
}

/** The file that says: this folder is a demo's, and this process is at it. */
const markName = 'demo.pid';

/**
 * Makes the folder anew: a demo never goes on from another. Throws an Error of one line, and removes nothing, when the folder holds
 * anything that no demo made, or belongs to a demo that is running.
 */
export function makeDemoFolder(path: string): DemoFolder {
  const mark = join(path, markName);
  if (existsSync(path) && readdirSync(path).length > 0) {
    if (!existsSync(mark))
      throw new Error(`${path} is not a demo's folder and stays as it is: set MANYI_DATA to another folder`);
    refuseRunning(path, Number(readFileSync(mark, 'utf8')));
    // The terminals of a demo that was killed may be writing their last.
    rmSync(path, { recursive: true, maxRetries: 5, retryDelay: 200 });
  }
  mkdirSync(path, { recursive: true });
  writeFileSync(mark, String(process.pid));
  return { hub: join(path, 'hub'), terminals: join(path, 'terminals'), leave: () => writeFileSync(mark, '') };
}

function refuseRunning(path: string, pid: number): void {
  if (!(pid > 0) || pid === process.pid || !isRunning(pid)) return;
  throw new Error(`a demo runs in ${path} (process ${pid}): stop it first, or set MANYI_DATA to another folder`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
