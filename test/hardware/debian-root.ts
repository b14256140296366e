import { join } from 'node:path';
import { kept, run } from './kept.ts';

const release = 'trixie';

/**
 * A clean root of the Debian that Raspberry Pi OS is made of, with its own Node.js. Whoever changes it works on a copy.
 * Needs the rights of root.
 */
export function debianRoot(): string {
  const folder = kept(`${release}-2`, (begun) => {
    run(
      begun,
      'debootstrap',
      '--variant=minbase',
      '--include=ca-certificates,nodejs,gpiod,libusb-1.0-0',
      release,
      join(begun, 'root'),
    );
  });
  return join(folder, 'root');
}
