import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpio } from 'onoff';
import { type PinTrouble, pinTrouble } from './trouble.ts';

/**
 * The program that reads the header's pins through onoff, in a process of its own: sysfs does not say when an edge was, so whoever
 * reads it must wait for nothing else. onoff.ts starts it; it tells what it sees over the channel between the two, and ends
 * with it, giving the pins back.
 */

/** A pin to be read: its number in sysfs, its number on the header, and the setting that names it. */
export interface WantedPin {
  readonly line: number;
  readonly pin: number;
  readonly setting: string;
}

/** What the program tells: how the contacts stand at first; every edge, `at` by the kernel's running clock; why it must end. */
export type FromPins =
  | { readonly type: 'begun'; readonly closed: readonly boolean[] }
  | { readonly type: 'edge'; readonly key: number; readonly closed: boolean; readonly at: number }
  | { readonly type: 'ended'; readonly cause: string };

const folder = '/sys/class/gpio';
/** How often the pins are read to see whether an edge was missed. Milliseconds. */
const lookEveryMs = 500;
const lines: Gpio[] = [];
let done = false;

function tell(message: FromPins): void {
  if (process.connected) process.send?.(message);
}

function end(cause?: string): void {
  if (done) return;
  done = true;
  for (const line of lines) letGo(line);
  const leave = () => process.exit();
  if (cause === undefined || !process.connected) leave();
  else process.send?.({ type: 'ended', cause } satisfies FromPins, undefined, undefined, leave);
}

/** A pin that another program left exported keeps its old edges without a word: it is given back first, and read back after. */
function openLine(Constructor: typeof Gpio, { line, pin, setting }: WantedPin): Gpio {
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
function isClosed(line: number): boolean {
  return Number(readFileSync(join(folder, `gpio${line}`, 'value'), 'latin1')) === 0;
}

function letGo(line: Gpio): void {
  try {
    line.unwatchAll();
    line.unexport();
  } catch {
    // It is gone already: nothing is left to give back.
  }
}

/** Tells every edge. A level that changed and stayed so without an edge means that the pin's edges are dead. */
function watch(wanted: readonly WantedPin[]): void {
  const told = wanted.map(({ line }) => isClosed(line));
  const doubtful = new Set<number>();
  tell({ type: 'begun', closed: told });
  for (const [key, line] of lines.entries()) {
    line.watch((error, level) => {
      const at = Number(process.hrtime.bigint()) / 1e6;
      if (error) return end(lostTrouble(error));
      doubtful.delete(key);
      told[key] = level === 0;
      tell({ type: 'edge', key, closed: level === 0, at });
    });
  }
  setInterval(() => {
    for (const [key, { line, pin }] of wanted.entries()) {
      if (isClosed(line) === told[key]) doubtful.delete(key);
      else if (doubtful.has(key)) end(`GPIO${pin} changes without a word: its edges are set up anew`);
      else doubtful.add(key);
    }
  }, lookEveryMs);
}

function lostTrouble({ message }: Error): string {
  return `the pins can no longer be read (${message.split('\n')[0]}): see whether another program has given them back, or start the terminal anew`;
}

async function run(wanted: readonly WantedPin[]): Promise<void> {
  const { Gpio } = await import('onoff').catch(() => {
    throw new Error('the package onoff is not installed: run npm ci on this machine with its compilers present');
  });
  for (const one of wanted) lines.push(openLine(Gpio, one));
  // What fails from now on fails within onoff, or while looking: the pins have gone.
  process.on('uncaughtException', (error) => end(lostTrouble(error)));
  watch(wanted);
}

process.on('disconnect', () => end());
process.on('SIGTERM', () => end());
// Ctrl-C reaches everything that a terminal's keyboard has started: it is for the agent, which then lets go.
process.on('SIGINT', () => {});
run(JSON.parse(process.argv[2] ?? '[]') as WantedPin[]).catch((error: Error) => end(error.message));
