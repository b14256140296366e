import { type ChildProcess, spawn } from 'node:child_process';

/** The agent that runs beside the hub on this machine, as a process of its own. */
export interface Companion {
  /** Asks it to end and waits; after ten seconds it is ended. */
  stop(): Promise<void>;
}

export interface CompanionParts {
  /** The compiled agent. */
  readonly entry: string;
  /** Its environment, asked for at every start. */
  readonly environment: () => Promise<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  /** It ended by itself before it had ever run: it has said why. */
  readonly onHopeless: () => void;
}

const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** Who has run for so long, in milliseconds, was fine. */
const fineAfterMs = 10_000;
const patienceMs = 10_000;

/** Runs the agent and starts it again whenever it ends, after a pause that grows while it keeps ending at once. */
export function startCompanion({ entry, environment, say, onHopeless }: CompanionParts): Companion {
  let child: ChildProcess | null = null;
  let stopping = false;
  let pause = firstPauseMs;
  let again: NodeJS.Timeout | undefined;
  let wasFine = false;

  async function run(): Promise<void> {
    const env = await environment();
    if (stopping) return;
    const began = Date.now();
    // The channel is there to break: an agent whose hub was killed ends too.
    child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.on('error', (error) => say(`The terminal could not be started: ${error.message}`));
    child.on('close', (code, signal) => ended(Date.now() - began, code, signal));
  }

  function ended(lived: number, code: number | null, signal: string | null): void {
    child = null;
    if (stopping) return;
    if (lived > fineAfterMs) {
      wasFine = true;
      pause = firstPauseMs;
    }
    if (!wasFine && signal === null && code !== 0) {
      onHopeless();
      return;
    }
    say(`The terminal ended unexpectedly (${signal ?? `code ${code}`}) and is started again in ${pause / 1000} s`);
    again = setTimeout(start, pause);
    pause = Math.min(pause * 2, longestPauseMs);
  }

  function start(): void {
    run().catch((error: unknown) => {
      say(`The terminal could not be started: ${String(error)}`);
      ended(0, null, 'failed');
    });
  }

  async function stop(): Promise<void> {
    stopping = true;
    clearTimeout(again);
    const last = child;
    if (last === null) return;
    const gone = new Promise((resolve) => last.once('close', resolve));
    last.kill('SIGTERM');
    const impatient = setTimeout(() => last.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(impatient);
  }

  start();
  return { stop };
}
