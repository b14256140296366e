import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the package that a file belongs to, for sources and compiled files alike. */
export function packageFolder(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : packageFolder(dirname(from));
}
