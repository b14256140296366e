import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the kernel calls the chip behind a Raspberry Pi's header: Pi 5; Pi 4; Pi 3, Zero 2 and before. On a Pi 5 the others can
 * be there too, without being the header.
 */
export const headerLabels = ['pinctrl-rp1', 'pinctrl-bcm2711', 'pinctrl-bcm2835'] as const;

/** A chip of GPIO lines, as the kernel numbers it. */
export interface GpioChip {
  readonly label: string;
  /** The number of its first line among all lines of the machine. */
  readonly base: number;
  readonly lines: number;
}

/**
 * The chip of the header in the kernel's folder of GPIO, or the one with the label given. Numbers differ by board and kernel:
 * since 6.6 the header does not begin at 0. Throws an Error of one line when there is none.
 */
export function findHeaderChip(folder: string, label?: string): GpioChip {
  if (!existsSync(folder)) {
    throw new Error(`this kernel has no ${folder}: set MANYI_BUTTONS=gpiomon`);
  }
  const chips = readdirSync(folder)
    .filter((name) => name.startsWith('gpiochip'))
    .map((name) => readChip(join(folder, name)));
  for (const wanted of label === undefined ? headerLabels : [label]) {
    const found = chips.find((chip) => chip.label === wanted);
    if (found) return found;
  }
  const there = chips.map((chip) => chip.label).join(', ') || 'none';
  throw new Error(
    `no GPIO chip ${label ?? 'of a Raspberry Pi'} (there is: ${there}): set MANYI_GPIO_CHIP to one of these`,
  );
}

function readChip(folder: string): GpioChip {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
  return { label: read('label'), base: Number(read('base')), lines: Number(read('ngpio')) };
}

/** The chips in what libgpiod's `gpiodetect` prints: `gpiochip0 [pinctrl-bcm2711] (58 lines)`. */
export function findDetectedChip(text: string, label?: string): string {
  const chips = [...text.matchAll(/^(\S+) \[(.*)\] \(\d+ lines?\)$/gm)].map(([, name = '', is = '']) => ({ name, is }));
  for (const wanted of label === undefined ? headerLabels : [label]) {
    const found = chips.find((chip) => chip.is === wanted);
    if (found) return found.name;
  }
  const there = chips.map((chip) => chip.is).join(', ') || 'none';
  throw new Error(
    `no GPIO chip ${label ?? 'of a Raspberry Pi'} (there is: ${there}): set MANYI_GPIO_CHIP to one of these`,
  );
}
