import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A chip of GPIO lines that the kernel simulates, with the keys of a panel between its lines and ground. */
export interface SimulatedChip {
  /** Whether the pull-up of a line is switched on. */
  isPulledUp(line: number): boolean;
  /** Switches the pull-ups on, as config.txt does on a Raspberry Pi. */
  pullUp(): void;
  /** Closes or opens the contact between a line and ground. */
  contact(line: number, closed: boolean): void;
  /** The file whose content closes (`pull-down`) or opens (`pull-up`) that contact. */
  contactFile(line: number): string;
  /** Takes the chip away, as if it had never been there. */
  remove(): void;
}

const folder = '/sys/kernel/config/gpio-sim';
const lineCount = 54;
let made = 0;

/** Makes a chip with the label given. */
export function makeChip(label: string): SimulatedChip {
  const device = join(folder, `manyi-${++made}`);
  const bank = join(device, 'bank0');
  mkdirSync(device);
  mkdirSync(bank);
  writeFileSync(join(bank, 'num_lines'), String(lineCount));
  writeFileSync(join(bank, 'label'), label);
  writeFileSync(join(device, 'live'), '1');
  const read = (path: string) => readFileSync(path, 'utf8').trim();
  const chip = join('/sys/devices/platform', read(join(device, 'dev_name')), read(join(bank, 'chip_name')));
  const pull = (line: number) => join(chip, `sim_gpio${line}`, 'pull');
  return {
    isPulledUp: (line) => read(pull(line)) === 'pull-up',
    pullUp() {
      for (let line = 0; line < lineCount; line++) writeFileSync(pull(line), 'pull-up');
    },
    contactFile: pull,
    contact: (line, closed) => writeFileSync(pull(line), closed ? 'pull-down' : 'pull-up'),
    remove() {
      if (!existsSync(device)) return;
      writeFileSync(join(device, 'live'), '0');
      rmdirSync(bank);
      rmdirSync(device);
    },
  };
}

const sysfs = '/sys/class/gpio';

/** The number of a line of a chip in sysfs, where the kernel gives every chip a base of its own. */
export function lineNumber(label: string, line: number): number {
  const chip = readdirSync(sysfs).find(
    (name) => name.startsWith('gpiochip') && readFileSync(join(sysfs, name, 'label'), 'utf8').trim() === label,
  );
  return Number(readFileSync(join(sysfs, chip ?? '', 'base'), 'utf8')) + line;
}

/** Whether a line tells both of its edges to whoever has exported it. */
export function tellsEdges(line: number): boolean {
  try {
    return readFileSync(join(sysfs, `gpio${line}`, 'edge'), 'utf8').trim() === 'both';
  } catch {
    return false;
  }
}

export function isExported(line: number): boolean {
  return existsSync(join(sysfs, `gpio${line}`));
}

/** Takes its edges from an exported line, as another program can that writes to its files. */
export function takeEdges(line: number): void {
  writeFileSync(join(sysfs, `gpio${line}`, 'edge'), 'none');
}

/** Exports a line and leaves it so, as a program does that was killed. */
export function leaveExported(line: number): void {
  writeFileSync(join(sysfs, 'export'), String(line));
}
