import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BenchHub } from './hub.ts';

/** How a terminal reaches its broker. */
export interface TerminalLogin {
  readonly site: string;
  readonly terminal: string;
  readonly counter: string;
  readonly username: string;
  readonly password: string;
}

/** Enrols so many terminals, each at a counter of its own of site `bench-hall`. */
export async function enrolTerminals(hub: BenchHub, count: number): Promise<TerminalLogin[]> {
  const site = 'bench-hall';
  await hub.ask('/sites', { id: site, name: 'Bench', timeZone: 'Asia/Shanghai', mode: 'called' });
  const logins: TerminalLogin[] = [];
  for (let index = 1; index <= count; index++) {
    const place = { site, counter: `counter-${index}`, terminal: `bench-${index}` };
    await hub.ask('/counters', { id: place.counter, site, name: `Counter ${index}` });
    const { code } = JSON.parse(await hub.ask('/enrolments', place)) as { code: string };
    const nonce = `nonce-of-${place.terminal}`;
    const login = JSON.parse(await hub.ask('/enrol', { code, nonce })) as { username: string; password: string };
    logins.push({ ...place, username: login.username, password: login.password });
  }
  return logins;
}

/** Terminals that rate, in a process of their own. */
export interface Load {
  /** Resolves when every terminal is connected. */
  readonly connected: Promise<void>;
  stop(): Promise<void>;
}

/** Every terminal rates once in `everyMs`, evenly spread. What it sends names the instant at which it was sent, as `sentAt`. */
export function startLoad(broker: string, logins: readonly TerminalLogin[], everyMs: number): Load {
  const file = new URL('./terminals-process.js', import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  child.stdin?.end(JSON.stringify({ broker, logins, everyMs }));
  const connected = once(child.stdout ?? child, 'data').then(() => {});
  return {
    connected,
    async stop() {
      child.kill();
      await exit;
    },
  };
}

/** This instant on the clock that all processes of a machine share, in milliseconds with fractions. */
export function instant(): number {
  return performance.timeOrigin + performance.now();
}
