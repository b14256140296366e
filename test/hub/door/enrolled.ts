import { randomUUID } from 'node:crypto';
import type { Enrolled } from '@manyi/config/api';
import { type TerminalChannel, terminalTopic } from '@manyi/config/topics';
import mqtt, { type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import type { Api } from '../../support/api.ts';
import type { Door } from './door.ts';

/** Makes a code for a terminal. */
export async function makeCode(api: Api, terminal = 'terminal-1'): Promise<string> {
  const place = { site: 'main-hall', counter: 'counter-1', terminal };
  return (await api.post<{ code: string }>('/enrolments', place)).code;
}

/** Trades a code for a credential. */
export async function enrol(door: Door, code: string, nonce: string = randomUUID()): Promise<Enrolled> {
  const answer = await door.ask('POST', '/enrol', { body: { code, nonce } });
  if (answer.status !== 200) throw new Error(`not enrolled: ${answer.status} ${answer.text}`);
  return answer.body as Enrolled;
}

/** A connection with a credential, and all that it hears. */
export interface Line {
  readonly client: MqttClient;
  /** The next message on a topic that fits, passing over those that do not. */
  next(topic: string, fits?: (message: unknown) => boolean): Promise<unknown>;
  publish(channel: TerminalChannel, message: unknown): Promise<unknown>;
}

/** Connects; rejects when the broker refuses. */
export async function connect({ site, terminal, username, password, broker }: Enrolled): Promise<Line> {
  const client = await mqtt.connectAsync(broker, { username, password, reconnectPeriod: 0 }, false);
  client.on('error', () => {});
  onTestFinished(() => client.endAsync(true));
  const heard = new Map<string, unknown[]>();
  let wake = () => {};
  client.on('message', (topic, payload) => {
    heard.set(topic, [...(heard.get(topic) ?? []), JSON.parse(payload.toString())]);
    wake();
  });
  return {
    client,
    async next(topic, fits = () => true) {
      for (;;) {
        const waiting = heard.get(topic) ?? [];
        const index = waiting.findIndex(fits);
        heard.set(topic, waiting.slice(index < 0 ? waiting.length : index + 1));
        if (index >= 0) return waiting[index];
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    publish: (channel, message) =>
      client.publishAsync(terminalTopic(site, terminal, channel), text(message), { qos: 1 }),
  };
}

/** Resolves when the broker has closed the connection. */
export function closed({ client }: Line): Promise<void> {
  return new Promise((resolve) => {
    if (!client.connected) resolve();
    client.once('close', () => resolve());
  });
}

export function online(connection: string, outbox: string, first = 1, next = 1) {
  return { state: 'online', connection, outbox, first, next, agent: 'test/1', health: { uptimeMs: 1000 } };
}

function text(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
