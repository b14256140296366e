import './low-memory.ts';
import type { Terminal } from './terminal.ts';

// What stands above is loaded before any of it has run; the rest, and that is nearly everything, after the memory was set.
const { SettingsError } = await import('@manyi/config/settings');
const { languageOfProcess, settingsOfProcess } = await import('./settings.ts');
const { createTerminal } = await import('./terminal.ts');

/** The agent as a process: settings in, signals and exit codes out. */

/** npm passes Ctrl-C on a second time; within this time, in milliseconds, it is the same one. */
const sameSignalMs = 1000;

async function main(): Promise<void> {
  const terminal = await open();
  let asked = 0;
  const stop = async () => {
    if (asked === 0) {
      asked = Date.now();
      await terminal.close();
      process.exit(0);
    }
    if (Date.now() - asked > sameSignalMs) process.exit(1);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  // Started by a hub on the same machine: without it nobody would stop this process, and its port would stay taken.
  process.on('disconnect', () => void stop());
  // Beyond a limit on the size of files a write fails too, like one on a full disk: that is told, and is no reason to end.
  process.on('SIGXFSZ', () => {});
  process.stdout.write(`Counter screen: ${terminal.screenAddress}\n`);
}

function open(): Promise<Terminal> {
  return orStop(() => createTerminal(settingsOfProcess()));
}

/** For a technician at this machine, in the place of a terminal at work. */
async function test(): Promise<void> {
  const { selfTest } = await import('./self-test/self-test.ts');
  const { stdin: input, stdout: output } = process;
  const well = await orStop(() =>
    selfTest({ settings: settingsOfProcess(), language: languageOfProcess(), input, output }),
  );
  process.exit(well ? 0 : 1);
}

async function orStop<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    process.stderr.write(`${reason(error)}\n`);
    process.exit(1);
  }
}

/** One line that says what to do. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const unwritable = /^(EACCES|EPERM|ENOENT|EROFS|ENOTDIR|EEXIST|ENOSPC|SQLITE_(CANTOPEN|READONLY|FULL|IOERR).*)$/.test(
    code,
  );
  if (unwritable && !(error instanceof SettingsError)) {
    return `The data folder cannot be written (${error.message}): set MANYI_DATA to a folder that can, or make room`;
  }
  return error.message;
}

// A log that cannot be written (a full disk, a closed pipe) must not stop a counter.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
if (process.argv.includes('--self-test')) await test();
else await main();
