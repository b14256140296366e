import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A hub in a process of its own, as its administrator reaches it. */
export interface BenchHub {
  readonly http: string;
  readonly mqtt: string;
  readonly pid: number;
  /** Headers that sign a request in. */
  readonly headers: Readonly<Record<string, string>>;
  /** Asks under `/api/v1` and reads the whole answer; anything but success throws. */
  ask(path: string, body?: unknown): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the compiled hub on a data folder, and signs in. */
export async function startHub(folder: string): Promise<BenchHub> {
  const file = new URL('./hub-process.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [file, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exit])) as [unknown];
  if (typeof line !== 'string') throw new Error(`the hub did not start: it ended with ${line}`);
  const { http, mqtt } = JSON.parse(line) as { http: string; mqtt: string };
  const headers: Record<string, string> = {};
  const ask = async (path: string, body?: unknown): Promise<string> => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${http}/api/v1${path}`, { headers: { ...headers, ...type }, ...sent });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  };
  const { token } = JSON.parse(await ask('/login', { username: 'admin', password: 'bench-password' })) as {
    token: string;
  };
  headers['authorization'] = `Bearer ${token}`;
  return {
    http,
    mqtt,
    pid: child.pid ?? 0,
    headers,
    ask,
    async stop() {
      child.kill('SIGTERM');
      await exit;
    },
  };
}
