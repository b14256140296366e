import { randomUUID } from 'node:crypto';
import type { Enrolled } from '@manyi/config/api';
import { terminalTopic } from '@manyi/config/topics';
import { createHub, type Hub, type RunningHub } from '@manyi/hub/hub';
import type { RecordingSettings } from '@manyi/hub/recordings/recordings';
import mqtt, { type MqttClient } from 'mqtt';
import { pino } from 'pino';
import type { UploadOptions } from 'tus-js-client';
import { afterAll, onTestFinished } from 'vitest';
import { type Api, adminPassword, eventually, signIn } from '../../support/api.ts';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import type { Clip } from './clips.ts';
import { authorizationOf, sendClip } from './send-clip.ts';

/** A whole hub with a site, and terminals that send clips to it. */
export interface Studio {
  readonly folder: string;
  readonly url: string;
  readonly running: RunningHub;
  readonly api: Api;
  /** What the hub has logged. */
  readonly lines: string[];
  /** Enrols `terminal-1` at `counter-1`, and so on, and connects it. */
  terminal(number?: number): Promise<Teller>;
  /** Asks for something of a recording, signed in. */
  ask(path: string, headers?: Record<string, string>, token?: string): Promise<Response>;
  /** Says why, as `token` or the administrator, and asks for a recording's sound. */
  hear(recording: string, headers?: Record<string, string>, token?: string): Promise<Response>;
  /** Closes the hub and opens another on its folder. */
  again(settings?: RecordingSettings): Promise<Studio>;
  close(): Promise<void>;
}

/** A terminal that tells of clips and sends them. */
export interface Teller {
  readonly given: Enrolled;
  /** Tells of a clip, and of the service that it belongs to if a level is given; resolves when the hub has it in its ledger. */
  tell(clip: Clip, more?: Telling): Promise<void>;
  publish(type: string, data: Record<string, unknown>): Promise<void>;
  /** Sends a clip as tus-js-client does; rejects when it gives up. */
  send(clip: Clip, options?: Partial<UploadOptions> & { readonly through?: string }): Promise<void>;
  /** The headers that sign it in. */
  readonly authorization: string;
}

export interface Telling {
  readonly at?: number;
  readonly level?: string;
  readonly clerk?: string | null;
  readonly data?: Record<string, unknown>;
}

type OnEnd = (end: () => Promise<void> | void) => void;

export interface StudioOptions {
  readonly settings?: RecordingSettings;
  /** Called with what must be done at the end: by default that is the end of the running test. */
  readonly onEnd?: OnEnd;
  /** The hub's clock, where it is not the machine's. */
  readonly now?: () => number;
}

export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const folder = makeFolder();
  (options.onEnd ?? onTestFinished)(() => removeFolder(folder));
  const studio = await openHub(folder, options);
  await studio.api.post('/sites', { id: 'main-hall', name: 'Main hall', timeZone: 'Asia/Shanghai', mode: 'called' });
  for (const number of [1, 2]) {
    await studio.api.post('/counters', { id: `counter-${number}`, site: 'main-hall', name: `Counter ${number}` });
  }
  await studio.api.post('/clerks', { id: 'C0017', site: 'main-hall', name: '李晓梅', number: '0017' });
  return studio;
}

/** One for all tests of a file, closed after the last. */
export function studioOfFile(options: StudioOptions = {}): Promise<Studio> {
  const ends: Parameters<OnEnd>[0][] = [];
  afterAll(async () => {
    for (const end of ends) await end();
  });
  return openStudio({ ...options, onEnd: (end) => void ends.unshift(end) });
}

async function openHub(
  folder: string,
  { settings, now = Date.now, onEnd = onTestFinished }: StudioOptions,
): Promise<Studio> {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const loopback = { host: '127.0.0.1', port: 0 };
  const given = { data: folder, http: loopback, mqtt: loopback, adminPassword, logLevel: 'info' } as const;
  const hub: Hub = createHub(
    { ...given, ...(settings === undefined ? {} : { recordings: settings }) },
    { log, clock: { now } },
  );
  const running = await hub.start();
  onEnd(() => hub.close());
  const api = await signIn(running.http);
  return {
    folder,
    url: running.http,
    running,
    api,
    lines,
    terminal: (number = 1) => enrol(running.http, api, number, onEnd),
    ask: (path, headers = {}, token = api.token) =>
      fetch(`${running.http}/api/v1${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } }),
    async hear(recording, headers = {}, token = api.token) {
      const path = `${running.http}/api/v1/recordings/${recording}`;
      const authorization = `Bearer ${token}`;
      const said = await fetch(`${path}/plays`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ purpose: 'complaint 17' }),
      });
      return said.ok ? fetch(`${path}/audio`, { headers: { authorization, ...headers } }) : said;
    },
    async again(other) {
      await hub.close();
      const next = other ?? settings;
      return openHub(folder, { now, onEnd, ...(next === undefined ? {} : { settings: next }) });
    },
    close: () => hub.close(),
  };
}

async function enrol(url: string, api: Api, number: number, onEnd: OnEnd): Promise<Teller> {
  const place = { site: 'main-hall', counter: `counter-${number}`, terminal: `terminal-${number}` };
  const { code } = await api.post<{ code: string }>('/enrolments', place);
  const given = await api.post<Enrolled>('/enrol', { code, nonce: randomUUID() });
  const { username, password } = given;
  const client = await mqtt.connectAsync(given.broker, { username, password, reconnectPeriod: 0 });
  client.on('error', () => {});
  onEnd(() => client.endAsync(true));
  const authorization = authorizationOf(given);
  const publish = await publisher(client, given);
  return {
    given,
    authorization,
    publish,
    async tell(clip, { at = Date.now(), level, clerk = 'C0017', data = {} } = {}) {
      const service = randomUUID();
      const startedAt = new Date(at).toISOString();
      const { recording, sha256, durationMs } = clip;
      if (level !== undefined) await publish('manyi.rating.given.v1', { service, clerk, level, startedAt });
      const made = { service, clerk, recording, startedAt, durationMs, bytes: clip.bytes.length, sha256, ...data };
      await publish('manyi.recording.made.v1', made);
      await eventually(
        async () => (await fetch(`${url}/api/v1/recordings/${recording}`, bearer(api))).status,
        (status) => status === 200,
      );
    },
    send(clip, { through = url, ...options } = {}) {
      return sendClip(through, given, clip, options);
    },
  };
}

function bearer(api: Api) {
  return { headers: { authorization: `Bearer ${api.token}` } };
}

/** Publishes numbered events of one outbox; each resolves with its receipt. */
async function publisher(client: MqttClient, { site, terminal }: Enrolled) {
  const outbox = randomUUID();
  let seq = 0;
  const waiting = new Map<number, () => void>();
  client.on('message', (_topic, payload) => {
    const { through } = JSON.parse(payload.toString()) as { through: number };
    for (const [number, wake] of waiting) if (number <= through) wake();
  });
  await client.subscribeAsync(terminalTopic(site, terminal, 'receipts'), { qos: 1 });
  return async (type: string, data: Record<string, unknown>) => {
    seq += 1;
    const number = seq;
    const receipted = new Promise<void>((resolve) => waiting.set(number, resolve));
    const source = `/sites/${site}/terminals/${terminal}`;
    const event = { specversion: '1.0', id: randomUUID(), source, type, time: data['startedAt'] };
    const payload = JSON.stringify({ ...event, data: { outbox, seq: number, ...data } });
    await client.publishAsync(terminalTopic(site, terminal, 'events'), payload, { qos: 1 });
    await receipted;
    waiting.delete(number);
  };
}
