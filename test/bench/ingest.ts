import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { rating } from '../support/events.ts';
import { type Publisher, startPublisher } from '../support/publisher.ts';
import type { Row } from './row.ts';
import { startServer } from './server.ts';

/** How many terminals send, and how many ratings each. */
const terminals = 20;
const each = 5_000;
const clerks = 200;

const leastRate = 8000;
const leastRatio = 0.2;

/** Ratings committed, tallied and receipted a second, beside what a bare aedes delivers of the same messages to one subscriber. */
export async function run(): Promise<Row[]> {
  const floor = await bareRate();
  const rate = await ingestRate();
  const ratio = rate / floor;
  return [
    {
      name: 'ingest to committed, tallied, receipted',
      figure: `${Math.round(rate)} ratings/s`,
      floor: `${Math.round(floor)} messages/s through bare aedes`,
      ratio,
      target: `>= ${leastRate}/s and >= ${leastRatio}`,
      pass: rate >= leastRate && ratio >= leastRatio,
    },
  ];
}

async function bareRate(): Promise<number> {
  const broker = await startServer('./bare-broker.js');
  const { port } = broker;
  const subscriber = await subscribe(port, 'subscriber', 'manyi/v1/+/+/events', 0);
  let heard = 0;
  const all = new Promise<void>((resolve) => {
    subscriber.on('message', () => {
      heard += 1;
      if (heard === terminals * each) resolve();
    });
  });
  const seconds = await load(port, all);
  subscriber.end(true);
  await broker.stop();
  return (terminals * each) / seconds;
}

async function ingestRate(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const core = await startServer('../support/core-process.js', folder, '0', String(terminals));
  const { port } = core;
  const receipts = await Promise.all(
    names().map((name) => subscribe(port, name, `manyi/v1/main-hall/${name}/receipts`, 1)),
  );
  const all = Promise.all(receipts.map(allReceipted));
  const seconds = await load(port, all);
  for (const client of receipts) client.end(true);
  await core.stop();
  rmSync(folder, { recursive: true });
  return (terminals * each) / seconds;
}

function allReceipted(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    client.on('message', (_topic, payload) => {
      if ((JSON.parse(payload.toString()) as { through: number }).through === each) resolve();
    });
  });
}

function names(): string[] {
  return Array.from({ length: terminals }, (_, index) => `terminal-${index + 1}`);
}

async function subscribe(port: number, name: string, topic: string, qos: 0 | 1): Promise<MqttClient> {
  const options = { username: name, password: name, clientId: `${name}-listens` };
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, options);
  await client.subscribeAsync(topic, { qos });
  return client;
}

/** Sends everything from every terminal at once; gives the seconds until `done`. The messages are made beforehand. */
async function load(port: number, done: Promise<unknown>): Promise<number> {
  const senders = await Promise.all(
    names().map(async (name, index) => ({ publisher: await startPublisher(port, name), ...messages(name, index) })),
  );
  const start = performance.now();
  await Promise.all(senders.map(({ publisher, topic, payloads }) => sendAll(publisher, topic, payloads)));
  await done;
  const seconds = (performance.now() - start) / 1000;
  for (const { publisher } of senders) publisher.close();
  return seconds;
}

function messages(name: string, index: number): { topic: string; payloads: Buffer[] } {
  const outbox = randomUUID();
  const payloads = Array.from({ length: each }, (_, at) => {
    const clerk = `C${String((index * each + at) % clerks).padStart(4, '0')}`;
    const more = {
      clerk,
      counter: `counter-${index + 1}`,
      profile: 'four-key',
      duty: randomUUID(),
      ticket: null,
      business: null,
    };
    return Buffer.from(JSON.stringify(rating(outbox, at + 1, more)));
  });
  return { topic: `manyi/v1/main-hall/${name}/events`, payloads };
}

async function sendAll(publisher: Publisher, topic: string, payloads: readonly Buffer[]): Promise<void> {
  for (const payload of payloads) {
    const wait = publisher.send(topic, payload);
    if (wait !== null) await wait;
  }
}
