import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpio } from 'onoff';
import type { Opened } from '../reopen.ts';
import { findHeaderChip } from './chip.ts';
import { createHeaderButtons, type HeaderButtons, type HeaderParts } from './header.ts';
import type { Keys } from './keys.ts';
import { type PinTrouble, pinTrouble, settingOf } from './trouble.ts';

const folder = '/sys/class/gpio';
/** How often the pins are read to see whether an edge was missed. Milliseconds. */
const lookEveryMs = 500;

/**
 * Keys between the header's pins and ground, through onoff and the kernel's sysfs. onoff has no pull-ups: config.txt sets them.
 * Its own debounce is not used, for it loses presses shorter than itself. `label` is the chip's, if it is not a Raspberry Pi's.
 */
export function createOnoffButtons(parts: HeaderParts, label?: string): HeaderButtons {
  return createHeaderButtons(parts, (pins, keys) => openPins(pins, keys, parts, label));
}

async function openPins(pins: readonly number[], keys: Keys, parts: HeaderParts, label?: string): Promise<Opened> {
  const { base } = findHeaderChip(folder, label);
  const { Gpio } = await import('onoff').catch(() => {
    throw new Error('the package onoff is not installed: run npm ci on this machine with its compilers present');
  });
  const lines: Gpio[] = [];
  const close = () => {
    for (const line of lines.splice(0)) letGo(line);
  };
  try {
    for (const pin of pins) {
      lines.push(openLine(Gpio, base + pin, pin, settingOf(pin, parts.clerkPin)));
    }
  } catch (error) {
    close();
    throw error;
  }
  const isClosed = (key: number) => readLevel(base + (pins[key] ?? 0)) === 0;
  const { ended, stop } = watch({ lines, pins, isClosed }, keys, parts.now);
  return {
    ended,
    close() {
      stop();
      close();
    },
  };
}

/** A pin that another program left exported keeps its old edges without a word: it is given back first, and read back after. */
function openLine(Constructor: typeof Gpio, line: number, pin: number, setting: string): Gpio {
  try {
    if (existsSync(join(folder, `gpio${line}`))) writeFileSync(join(folder, 'unexport'), String(line));
    const opened = new Constructor(line, 'in', 'both');
    if (opened.edge() === 'both') return opened;
    letGo(opened);
  } catch (error) {
    throw new Error(inWords(pin, setting, error as NodeJS.ErrnoException));
  }
  throw new Error(
    `GPIO${pin} does not tell its edges: another program holds it, stop that or name another pin in ${setting}`,
  );
}

const troubles: Readonly<Record<string, PinTrouble>> = { EACCES: 'permission', EBUSY: 'taken', EINVAL: 'missing' };

function inWords(pin: number, setting: string, { code, message }: NodeJS.ErrnoException): string {
  const trouble = code === undefined ? undefined : troubles[code];
  if (trouble !== undefined) return pinTrouble(trouble, pin, setting);
  return `GPIO${pin} cannot be opened: ${message.split('\n')[0]}: name another pin in ${setting}, or set MANYI_BUTTONS=gpiomon`;
}

/** By a file of its own: a read of the one that onoff waits on takes an edge away that it has not been told of yet. */
function readLevel(line: number): number {
  return Number(readFileSync(join(folder, `gpio${line}`, 'value'), 'latin1'));
}

interface OpenPins {
  readonly lines: readonly Gpio[];
  readonly pins: readonly number[];
  readonly isClosed: (key: number) => boolean;
}

/** Feeds the keys. A level that changed and stayed so without an edge means that the pin's edges are dead. */
function watch({ lines, pins, isClosed }: OpenPins, keys: Keys, now: () => number) {
  const told: boolean[] = [];
  const doubtful = new Set<number>();
  let end: (cause: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const take = (key: number, closed: boolean) => {
    doubtful.delete(key);
    told[key] = closed;
    keys.edge(key, closed, now());
  };
  for (const [key, line] of lines.entries()) {
    told[key] = isClosed(key);
    keys.begin(key, told[key]);
    line.watch((error, level) => (error ? end(lostTrouble(error)) : take(key, level === 0)));
  }

  function look(): void {
    for (const key of lines.keys()) {
      const closed = isClosed(key);
      if (closed === told[key]) doubtful.delete(key);
      else if (doubtful.has(key)) end(`GPIO${pins[key]} changes without a word: its edges are set up anew`);
      else doubtful.add(key);
    }
  }
  const looking = setInterval(() => {
    try {
      look();
    } catch (error) {
      end(lostTrouble(error as Error));
    }
  }, lookEveryMs);
  return { ended, stop: () => clearInterval(looking) };
}

function lostTrouble({ message }: Error): string {
  return `the pins can no longer be read (${message.split('\n')[0]}): see whether another program has given them back, or start the terminal anew`;
}

function letGo(line: Gpio): void {
  try {
    line.unwatchAll();
    line.unexport();
  } catch {
    // It is gone already: nothing is left to give back.
  }
}
