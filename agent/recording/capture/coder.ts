import { spawn } from 'node:child_process';
import { samplesPerSecond } from '@manyi/firmware/sound/format';

/** Makes Ogg Opus of sound as it comes. */
export interface Coder {
  /** Resolves when there is room for more; rejects with a `CoderError` when it has ended. */
  code(audio: Buffer): Promise<void>;
  /** There is no more. Resolves when everything has been written; rejects with a `CoderError`. */
  finish(): Promise<void>;
  /** Ends it at once. Resolves when it has ended. */
  kill(): Promise<void>;
}

/** The coder could not be started, or ended too early: one line that says why, and what to do. */
export class CoderError extends Error {}

/** There is no coder on this machine. */
export class NoCoderError extends CoderError {}

/** So much a second for each voice is about what telephones spend on wide-band speech. Kilobits. */
const kilobitsPerVoice = 24;
/** Half the work of the most thorough one; the difference can be measured, and not heard. */
const complexity = 5;
const longestSaying = 500;

/** A coder that takes nothing for so long hangs. Milliseconds. */
const usualPatienceMs = 20_000;

/**
 * Starts opusenc (Debian's opus-tools) writing into an open file. It ends its pages every second, and when this process is gone it writes
 * what it was given and ends by itself. Throws a `CoderError` where this machine can start no program at all.
 */
export function startCoder(channels: number, file: number, patienceMs = usualPatienceMs): Coder {
  const { child, stdin, stderr } = spawnCoder(channels, file);
  let said = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-longestSaying);
  });
  // What goes wrong here, the end of the process tells.
  stdin.on('error', () => {});
  const ended = new Promise<CoderError | null>((resolve) => {
    child.on('error', (error) => resolve(startTrouble(error)));
    child.on('close', (code, signal) => resolve(code === 0 ? null : new CoderError(endTrouble(said, code, signal))));
  });
  let over: CoderError | null = null;
  /** Called once with the end of what is waited for: null is a good one. */
  let settle: (error: CoderError | null) => void = () => {};
  stdin.on('drain', () => settle(null));
  void ended.then((why) => {
    over = why ?? new CoderError('opusenc ended before the sound did');
    settle(why === null && stdin.writableEnded ? null : over);
  });

  /** Waits for the next word of the coder, in time. */
  function word(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(new CoderError(hangs)), patienceMs);
      settle = (error) => {
        clearTimeout(timer);
        settle = () => {};
        if (error === null) resolve();
        else reject(error);
      };
    });
  }

  return {
    async code(audio) {
      if (over !== null) throw over;
      if (!stdin.write(audio)) await word();
    },
    async finish() {
      if (over !== null) throw over;
      stdin.end();
      await word();
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function spawnCoder(channels: number, file: number) {
  const form = ['--raw', '--raw-rate', String(samplesPerSecond), '--raw-chan', String(channels)];
  const how = ['--bitrate', String(kilobitsPerVoice * channels), '--comp', String(complexity), '--speech'];
  try {
    const child = spawn('opusenc', ['--quiet', ...form, ...how, '--no-phase-inv', '--padding', '0', '-', '-'], {
      stdio: ['pipe', file, 'pipe'],
      // In a group of its own: a Ctrl-C is for the agent, who still has sound to give it.
      detached: true,
    });
    // Without files left for its pipes it has none, and says why a moment later.
    child.on('error', () => {});
    if (!child.stdin || !child.stderr) throw new Error('this process has too many files open');
    return { child, stdin: child.stdin, stderr: child.stderr };
  } catch (error) {
    throw startTrouble(error as NodeJS.ErrnoException);
  }
}

const hangs = 'opusenc takes no sound any more: this machine is too busy, or its disk is';

/** Tries whether there is a coder at all. Answers one line when there is none. */
export function tryCoder(): Promise<string | null> {
  const tried = new Promise<string | null>((resolve) => {
    const child = spawn('opusenc', ['--version'], { stdio: 'ignore' });
    child.on('error', (error) => resolve(startTrouble(error).message));
    child.on('close', (code, signal) => resolve(code === 0 ? null : endTrouble('', code, signal)));
  });
  return tried.catch((error) => startTrouble(error).message);
}

function startTrouble({ code, message }: NodeJS.ErrnoException): CoderError {
  if (code === 'ENOENT') return new NoCoderError('opusenc is not installed: sudo apt install opus-tools');
  return new CoderError(`opusenc cannot be run: ${message.split('\n')[0]}`);
}

function endTrouble(said: string, code: number | null, signal: string | null): string {
  const words = said.trim().split('\n').at(-1)?.trim();
  return `opusenc ended with ${signal ?? code}: ${words || 'is the disk of the data folder full? Make room'}`;
}
