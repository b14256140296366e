import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** More than anything else on the machine is likely to write or remove meanwhile, in bytes. */
export const margin = 512 * 1024 * 1024;

/** How many bytes the disk of the tests still takes. */
export function free(): number {
  const { bavail, bsize } = statfsSync(tmpdir());
  return bavail * bsize;
}

/** A disk that is full as far as a hub may tell: what its clips must leave free can be taken, and given back. */
export interface Fillable {
  /** For the hub's settings. */
  readonly leastFree: number;
  fill(): void;
  empty(): void;
}

export function fillable(folder: string): Fillable {
  const ballast = join(folder, 'ballast');
  return {
    leastFree: free() - margin,
    fill: () => void execFileSync('fallocate', ['-l', String(2 * margin), ballast]),
    empty: () => rmSync(ballast),
  };
}
