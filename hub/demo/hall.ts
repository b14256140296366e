import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type DemoCast, type DemoOpened, type DemoStage, demoCast, demoOpened } from '@manyi/config/demo';
import type { z } from 'zod';

/** The demo's counters, clerks and customers: a process of its own, because it is agents. */
export interface DemoHall {
  /** Who is in it. */
  cast(): Promise<DemoCast>;
  /** Gives it its terminals; resolves when they run. */
  open(stage: DemoStage): Promise<DemoOpened>;
  /** Resolves when it has ended, asked or not. */
  readonly ended: Promise<void>;
  /** Lets it tell the hub its last, and waits; after ten seconds it is ended. */
  stop(): Promise<void>;
}

export interface DemoHallParts {
  /** The compiled program. */
  readonly entry: string;
  readonly environment: Record<string, string | undefined>;
}

const patienceMs = 10_000;

/** Starts it. Codes and badges go between the two processes only, never over a command line or a file. */
export function startHall({ entry, environment }: DemoHallParts): DemoHall {
  const child = spawn(process.execPath, [entry], { env: environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const firstWord = hear(child, demoCast);

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    const impatient = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await ended;
    clearTimeout(impatient);
  }

  return {
    ended,
    stop,
    cast: () => firstWord,
    open(stage) {
      const opened = hear(child, demoOpened);
      child.send(stage);
      return opened;
    },
  };
}

/** Its next message. */
async function hear<T extends z.ZodType>(child: ChildProcess, schema: T): Promise<z.infer<T>> {
  const gone = new AbortController();
  child.once('close', () => gone.abort());
  const [message] = await once(child, 'message', { signal: gone.signal }).catch(() => {
    throw new Error('the demo hall ended before it had opened: it says why above');
  });
  return schema.parse(message);
}
