import { createHub, type RunningHub } from '@manyi/hub/hub';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type Api, adminPassword, signIn } from '../../support/api.ts';
import { makeFolder, removeFolder } from '../../support/folder.ts';

/** A hub behind its real doors, with everything that it logs. */
export interface Door {
  readonly running: RunningHub;
  readonly url: string;
  /** The folder that it keeps its data in. */
  readonly data: string;
  readonly lines: string[];
  /** Sends any request; the path is below `/api/v1`. */
  readonly ask: (method: string, path: string, options?: Ask) => Promise<Answer>;
  /** Signs in as the administrator. */
  readonly admin: () => Promise<Api>;
  /** Closes it and opens one on the same folder; the door is spent then. */
  readonly again: () => Promise<Door>;
}

export interface Ask {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body read as JSON, or undefined. */
  readonly body: unknown;
}

/** Opens a hub for the running test. */
export async function openDoor(password: string | null = adminPassword): Promise<Door> {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  return openFolder(folder, password);
}

async function openFolder(data: string, password: string | null): Promise<Door> {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const loopback = { host: '127.0.0.1', port: 0 };
  const settings = { data, http: loopback, mqtt: loopback, adminPassword: password, logLevel: 'debug' } as const;
  const hub = createHub(settings, { log });
  const running = await hub.start();
  onTestFinished(() => hub.close());
  return {
    running,
    url: running.http,
    data,
    lines,
    ask: (method, path, options = {}) => ask(`${running.http}/api/v1${path}`, method, options),
    admin: () => signIn(running.http),
    async again() {
      await hub.close();
      return openFolder(data, password);
    },
  };
}

/** Asks anything of a hub. Strings and buffers go as they are, everything else as JSON. */
export async function ask(url: string, method: string, { body, token, headers }: Ask): Promise<Answer> {
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A site with a counter. */
export async function makeSite(api: Api, site = 'main-hall'): Promise<void> {
  await api.post('/sites', { id: site, name: `Site ${site}`, timeZone: 'Asia/Shanghai', mode: 'called' });
  await api.post('/counters', { id: 'counter-1', site, name: 'Counter 1' });
}

/** A supervisor of some sites, signed in: their token. */
export async function makeSupervisor(door: Door, api: Api, sites: readonly string[] | null): Promise<string> {
  const account = { username: 'supervisor', password: 'long-enough-for-all' };
  await api.post('/users', { ...account, name: 'Supervisor', role: 'supervisor', sites });
  const answer = await door.ask('POST', '/login', { body: account });
  return (answer.body as { token: string }).token;
}
