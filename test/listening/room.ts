import { join } from 'node:path';
import { createLog } from '@manyi/agent/log';
import { createTerminal, type Terminal } from '@manyi/agent/terminal';
import type { AuditEntry } from '@manyi/config/audit';
import type { Listening } from '@manyi/config/listening';
import { agentSettings, readSettings } from '@manyi/config/settings';
import { createHub, type RunningHub } from '@manyi/hub/hub';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type Api, adminPassword, eventually, signIn } from '../support/api.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { type Counter, stepUp } from '../support/screen.ts';
import { askToListen, type Ear, joinListening } from './ear.ts';

/** A whole hub with one hall, and terminals at its counters, all in this process. */
export interface Room {
  readonly running: RunningHub;
  readonly url: string;
  readonly api: Api;
  readonly folder: string;
  /** Opens `terminal-1` at `counter-1`, and so on, that hears a tone unless the settings say otherwise. */
  terminal(number?: number, settings?: Record<string, string>): Promise<Terminal>;
  /** Signs in a supervisor of the sites; answers their token. */
  supervisor(username: string, sites: readonly string[]): Promise<Supervisor>;
  /** Asks to listen in to a counter, and joins. */
  listen(counter?: string, token?: string): Promise<{ listening: Listening; ear: Ear }>;
  ask(token: string, counter?: string): Promise<Listening>;
  /** What the log says of listening, oldest first. */
  log(): Promise<AuditEntry[]>;
  close(): Promise<void>;
}

export interface Supervisor {
  readonly username: string;
  readonly password: string;
  readonly token: string;
}

export interface RoomOptions {
  readonly minutes?: number;
  /** The hub's clock, where it is not the machine's. */
  readonly now?: () => number;
  readonly folder?: string;
  readonly onEnd?: (end: () => Promise<void> | void) => void;
}

export const purpose = '投诉复核';
const site = 'main-hall';

export async function openRoom({
  minutes,
  now = Date.now,
  folder = makeFolder(),
  onEnd = onTestFinished,
}: RoomOptions = {}): Promise<Room> {
  onEnd(() => removeFolder(folder));
  const loopback = { host: '127.0.0.1', port: 0 };
  const hub = createHub(
    {
      ...{ data: join(folder, 'hub'), http: loopback, mqtt: loopback, adminPassword, logLevel: 'warn' },
      ...(minutes === undefined ? {} : { listeningMinutes: minutes }),
    },
    { log: pino({ level: 'silent' }), clock: { now } },
  );
  const running = await hub.start();
  onEnd(() => hub.close());
  const api = await signIn(running.http);
  await furnish(api);
  const ask = (token: string, counter = 'counter-1') => askToListen(running.http, token, { site, counter, purpose });
  return {
    running,
    url: running.http,
    api,
    folder,
    ask,
    terminal: (number = 1, settings = {}) => openTerminal({ running, api, folder, onEnd }, number, settings),
    supervisor: (username, sites) => signInSupervisor(running.http, api, username, sites),
    async listen(counter, token = api.token) {
      const listening = await ask(token, counter);
      const ear = await joinListening(running.http, listening.listening, token);
      onEnd(() => ear.hangUp());
      return { listening, ear };
    },
    log: () => listeningLog(api),
    close: () => hub.close(),
  };
}

async function furnish(api: Api): Promise<void> {
  if ((await api.get<{ items: unknown[] }>('/sites')).items.length > 0) return;
  for (const id of [site, 'other-hall']) {
    await api.post('/sites', { id, name: id, timeZone: 'Asia/Shanghai', mode: 'called' });
    await api.post('/counters', { id: 'counter-1', site: id, name: '1 号窗口' });
  }
  await api.post('/counters', { id: 'counter-2', site, name: '2 号窗口' });
  for (const [id, badge] of [
    ['C0017', '0008231947'],
    ['C0018', '0008231948'],
  ]) {
    await api.post('/clerks', { id, site, name: `Clerk ${id}`, number: String(id).slice(1) });
    await api.post('/badges', { badge, clerk: id });
  }
}

interface Ground {
  readonly running: RunningHub;
  readonly api: Api;
  readonly folder: string;
  readonly onEnd: (end: () => Promise<void> | void) => void;
}

async function openTerminal(
  { running, api, folder, onEnd }: Ground,
  number: number,
  more: Record<string, string>,
): Promise<Terminal> {
  const terminal = `terminal-${number}`;
  const { code } = await api.post<{ code: string }>('/enrolments', { site, counter: `counter-${number}`, terminal });
  const settings = readSettings(agentSettings, {
    MANYI_DATA: join(folder, terminal),
    MANYI_HUB_URL: running.http,
    MANYI_ENROLMENT_CODE: code,
    MANYI_SCREEN_PORT: '0',
    MANYI_BUTTONS: 'simulated',
    MANYI_MICROPHONE: 'simulated',
    MANYI_LOCKOUT_SECONDS: '0.05',
    MANYI_THANKS_SECONDS: '0.05',
    ...more,
  });
  const opened = await createTerminal(settings, { log: createLog('silent') });
  onEnd(() => opened.close());
  await eventually(
    async () => running.terminals.presences.of(terminal),
    ({ state, health }) => state === 'online' && health !== null,
  );
  return opened;
}

async function signInSupervisor(
  url: string,
  api: Api,
  username: string,
  sites: readonly string[],
): Promise<Supervisor> {
  const password = 'long-enough-for-all';
  await api.post('/users', { username, name: username, role: 'supervisor', sites, password });
  return { username, password, token: await tokenOf(url, username, password) };
}

/** Signs in; answers the token. */
export async function tokenOf(url: string, username: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return ((await answer.json()) as { token: string }).token;
}

async function listeningLog(api: Api): Promise<AuditEntry[]> {
  const { items } = await api.get<{ items: AuditEntry[] }>('/audit?limit=1000');
  return items.filter(({ what }) => what.startsWith('listening.')).reverse();
}

/** Steps up to the screen of a terminal, for the running test. */
export async function screenOf(terminal: Terminal): Promise<Counter> {
  const screen = await stepUp(terminal.screenAddress);
  onTestFinished(() => screen.close());
  return screen;
}
