import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import type { BenchHub } from './hub.ts';

/** The real agent in a process of its own. */
export interface BenchAgent {
  readonly pid: number;
  readonly screen: string;
  /** From the start of the process to its word that it is ready, in milliseconds. */
  readonly readyMs: number;
  /** Resident memory, in bytes. */
  resident(): number;
  stop(): Promise<void>;
}

export interface AgentOptions {
  readonly folder: string;
  readonly hub: Pick<BenchHub, 'http'>;
  /** Needed once: afterwards the folder knows. */
  readonly code?: string;
  /** How long a page after a rating stands; 0.05 unless it matters. */
  readonly thanksSeconds?: number;
  /** Other settings of the agent. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Runs the agent under another program. */
  readonly under?: readonly string[];
}

/** Makes a site with one counter, and a code for a terminal there. */
export async function placeFor(hub: BenchHub, site: string, mode: 'called' | 'continuous'): Promise<string> {
  await hub.ask('/sites', { id: site, name: site, timeZone: 'Asia/Shanghai', mode });
  await hub.ask('/counters', { id: 'counter-1', site, name: 'Counter 1' });
  const answer = await hub.ask('/enrolments', { site, counter: 'counter-1', terminal: `${site}-agent` });
  return (JSON.parse(answer) as { code: string }).code;
}

/** Starts the compiled agent, and waits for its screen. */
export async function startAgent({
  folder,
  hub,
  code,
  thanksSeconds = 0.05,
  settings = {},
  under = [],
}: AgentOptions): Promise<BenchAgent> {
  const main = new URL(import.meta.resolve('@manyi/agent/main')).pathname;
  const [program = process.execPath, ...before] = [...under, process.execPath];
  const environment = {
    ...process.env,
    MANYI_DATA: folder,
    MANYI_HUB_URL: hub.http,
    MANYI_SCREEN_PORT: '0',
    MANYI_THANKS_SECONDS: String(thanksSeconds),
    MANYI_LOCKOUT_SECONDS: '0.05',
    MANYI_LOG_LEVEL: 'error',
    ...settings,
    ...(code !== undefined && { MANYI_ENROLMENT_CODE: code }),
  };
  const start = performance.now();
  const child: ChildProcess = spawn(program, [...before, main], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exit = once(child, 'exit');
  if (child.stdout === null) throw new Error('the agent has no output');
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exit])) as [unknown];
  const screen = /http:\S+/.exec(String(line))?.[0];
  if (screen === undefined) throw new Error(`the agent did not start: ${line}`);
  return {
    pid: child.pid ?? 0,
    screen,
    readyMs: performance.now() - start,
    resident: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    async stop() {
      // To the whole group: a program that the agent runs under may keep the signal to itself.
      process.kill(-(child.pid ?? 0), 'SIGTERM');
      await exit;
    },
  };
}

interface Shown {
  readonly heard: number;
  readonly kept: boolean;
  readonly view: {
    readonly phase: string;
    readonly counter: string;
    readonly online: boolean;
    readonly recording: boolean;
    readonly notice: string | null;
  };
}

/** A counter screen without a picture: what the page says to its agent, and hears. */
export interface BenchScreen {
  /** Sends an input; resolves when the agent has kept it. */
  input(input: Record<string, unknown>): Promise<void>;
  /** Resolves with the instant (`performance.now()`) at which the screen shows something like this. */
  shows(what: (view: Shown['view']) => boolean): Promise<number>;
  close(): void;
}

export async function openScreen(address: string): Promise<BenchScreen> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/screen`, { origin: address });
  const waiting = new Set<(shown: Shown) => void>();
  const lost = new Set<number>();
  let latest: Shown | null = null;
  let number = 0;
  socket.on('message', (data) => {
    latest = JSON.parse(String(data)) as Shown;
    if (!latest.kept) lost.add(latest.heard);
    for (const one of [...waiting]) one(latest);
  });
  await once(socket, 'message');
  const until = (isIt: (shown: Shown) => boolean): Promise<number> =>
    new Promise((resolve) => {
      const look = (shown: Shown) => {
        if (!isIt(shown)) return;
        waiting.delete(look);
        resolve(performance.now());
      };
      waiting.add(look);
      if (latest !== null) look(latest);
    });
  return {
    async input(input) {
      number += 1;
      const mine = number;
      socket.send(JSON.stringify({ number: mine, input }));
      await until(({ heard }) => heard >= mine);
      if (lost.has(mine)) throw new Error(`the agent kept nothing of ${JSON.stringify(input)}`);
    },
    shows: (what) => until(({ view }) => what(view)),
    close: () => socket.close(),
  };
}
