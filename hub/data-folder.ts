import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with its parents, one by one, and checks that files can be made in it. Node's own recursive way never returns
 * where the system refuses a folder as "not there", as below /proc. Others may not read it. Throws the system's error.
 */
export function makeDataFolder(folder: string): void {
  makeWithParents(resolve(folder));
  accessSync(folder, constants.W_OK | constants.X_OK);
}

function makeWithParents(folder: string): void {
  if (existsSync(folder)) return;
  makeWithParents(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}
