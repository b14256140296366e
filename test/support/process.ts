import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A compiled program of ours, running as it does in production. */
export interface Program {
  readonly pid: number;
  /** Everything it has written so far. */
  readonly output: () => string;
  /** Waits until it writes something that matches; fails when it ends before. */
  readonly writes: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Ends it as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Ends it as a person would, with the exit code. */
  readonly stop: () => Promise<number | null>;
  /** Its exit code, once it has ended by itself; null after a signal. */
  readonly ended: Promise<number | null>;
}

/** What a program is started with: only these settings are in its environment. */
export type Settings = Readonly<Record<string, string>>;

/** Programs that still run when their worker ends, end with it. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a compiled program of the workspace, `hub/dist/main.js`, for the running test: it does not outlive it. */
export function startProgram(path: string, settings: Settings, ...args: string[]): Program {
  const program = startUnder([], path, settings, ...args);
  onTestFinished(program.kill);
  return program;
}

/** Starts a compiled program by another one, as `prlimit --fsize=0`, or by none. Whoever starts it ends it. */
export function startUnder(runner: readonly string[], path: string, settings: Settings, ...args: string[]): Program {
  const entry = new URL(`../../${path}`, import.meta.url).pathname;
  const [command = '', ...rest] = [...runner, process.execPath, entry, ...args];
  const child = spawn(command, rest, {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const text = gather(child);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  void ended.then(() => running.delete(child));

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return await ended;
  };
  return {
    pid: child.pid ?? 0,
    output: text.all,
    writes: (pattern) =>
      Promise.race([
        text.matches(pattern),
        ended.then((code) => {
          throw new Error(`${path} ended with ${code} before writing ${pattern}:\n${text.all()}`);
        }),
      ]),
    ended,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGINT'),
  };
}

/** Both outputs of a process, as one text. */
function gather(child: ChildProcess) {
  let text = '';
  const looking = new Set<() => void>();
  const heard = (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of looking) look();
  };
  child.stdout?.on('data', heard);
  child.stderr?.on('data', heard);
  return {
    all: () => text,
    matches: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve) => {
        const look = () => {
          const match = pattern.exec(text);
          if (match === null) return;
          looking.delete(look);
          resolve(match);
        };
        looking.add(look);
        look();
      }),
  };
}

/**
 * A port that is free now, for a program that must find it again after a restart: below those that the system gives to
 * connections, so that none of them takes it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** What is there once a program has been started. */
export function started<T>(thing: T | null, otherwise: string): T {
  if (thing === null) throw new Error(otherwise);
  return thing;
}
