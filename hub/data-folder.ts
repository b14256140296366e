import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with its parents, one by one, and checks that files can be made in it. Node's own recursive way never returns
 * where the system refuses a folder as "not there", as below /proc. Nobody else may read in it, also where it was there before.
 * Throws the system's error.
 */
export function makeDataFolder(folder: string): void {
  makeWithParents(resolve(folder));
  accessSync(folder, constants.W_OK | constants.X_OK);
  closeToOthers(folder);
}

/** Of somebody else's folder that we may write in, the rights are theirs to give. */
function closeToOthers(folder: string): void {
  try {
    chmodSync(folder, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

function makeWithParents(folder: string): void {
  if (existsSync(folder)) return;
  makeWithParents(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}
