import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Opened } from '../reopen.ts';
import { findDetectedChip } from './chip.ts';
import { detectChips, type GpiodPrograms, inEnglish, installed, isClosedNow, programTrouble } from './gpiod.ts';
import { createHeaderButtons, type HeaderButtons, type HeaderParts } from './header.ts';
import type { Keys } from './keys.ts';
import { settingOf } from './trouble.ts';

const format = '%o %e %S';
const rising = 1;

/**
 * Keys between the header's pins and ground, through libgpiod's gpiomon: for kernels without sysfs GPIO. It switches the
 * pins' own pull-ups on, and dates edges by the kernel's clock. `label` is the chip's, if it is not a Raspberry Pi's.
 */
export function createGpiomonButtons(parts: HeaderParts, label?: string, programs = installed): HeaderButtons {
  return createHeaderButtons(parts, (pins, keys) => openPins(pins, keys, parts, programs, label));
}

async function openPins(
  pins: readonly number[],
  keys: Keys,
  { now, clerkPin }: HeaderParts,
  programs: GpiodPrograms,
  label?: string,
): Promise<Opened> {
  const chip = findDetectedChip(await detectChips(programs.gpiodetect), label);
  // Before gpiomon, which tells edges alone and lets nobody else read its pins.
  for (const [key, pin] of pins.entries()) {
    keys.begin(key, await isClosedNow(programs.gpioget, chip, pin, settingOf(pin, clerkPin)));
  }
  const options = [
    '--banner',
    '--chip',
    chip,
    '--bias',
    'pull-up',
    '--edges',
    'both',
    '--event-clock',
    'monotonic',
    '--format',
    format,
  ];
  const child = spawn(programs.gpiomon, [...options, ...pins.map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: inEnglish,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = text.trim().split('\n').at(-1) ?? said;
  });
  let begun: () => void = () => {};
  const banner = new Promise<null>((resolve) => {
    begun = () => resolve(null);
  });
  createInterface(child.stdout).on('line', (line) => {
    begun();
    const edge = parseEdge(line);
    const key = edge ? pins.indexOf(edge.pin) : -1;
    if (!edge || key < 0) return;
    // The kernel's clock is read first: a pause between the two readings must not date the edge before it came.
    const agoMs = monotonicMs() - edge.monotonicMs;
    keys.edge(key, edge.closed, now() - agoMs);
  });
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(programTrouble('gpiomon', error)));
    child.on('close', (code) =>
      resolve(
        `gpiomon ended${code === null ? '' : ` with ${code}`}: ${said || 'it did not say why'} (it reads ${chip}: see MANYI_BUTTON_PINS and MANYI_GPIO_CHIP)`,
      ),
    );
  });
  const cause = await Promise.race([banner, ended]);
  if (cause !== null) throw new Error(cause);
  return { ended, close: () => void child.kill() };
}

/** The clock of gpiomon's times: the kernel's, since it started. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** An edge in a line of gpiomon in the format asked for: offset, 1 for rising or 2 for falling, seconds. Null when it is none. */
export function parseEdge(line: string): { pin: number; closed: boolean; monotonicMs: number } | null {
  const [, pin, type, seconds] = /^(\d+) ([12]) (\d+\.\d+)$/.exec(line.trim()) ?? [];
  if (pin === undefined) return null;
  return { pin: Number(pin), closed: Number(type) !== rising, monotonicMs: Number(seconds) * 1000 };
}
