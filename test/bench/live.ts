import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import mqtt from 'mqtt';
import { listen } from '../hub/queries/listen.ts';
import { startHub } from './hub.ts';
import { ms, percentile, type Row } from './row.ts';
import { startServer } from './server.ts';
import { enrolTerminals, instant, startLoad, type TerminalLogin } from './terminals.ts';

const terminals = 200;
const everyMs = 1000;
const warmUpMs = 3000;
const measureMs = 30_000;
const mostMs = 50;

/** From publish to the live stream with 200 terminals that rate every second, beside a bare aedes with one subscriber. */
export async function run(): Promise<Row[]> {
  const { latencies, logins } = await throughHub();
  const bare = await throughBareBroker(logins);
  const p99 = percentile(latencies, 0.99);
  const floor = percentile(bare, 0.99);
  return [
    {
      name: `publish to live stream, p99 of ${latencies.length}`,
      figure: `${ms(p99)} (median ${ms(percentile(latencies, 0.5))})`,
      floor: `${ms(floor)} through bare aedes`,
      ratio: p99 / floor,
      target: `<= ${mostMs} ms`,
      pass: p99 <= mostMs && latencies.length >= (terminals * measureMs) / everyMs / 2,
    },
  ];
}

/** Gathers latencies of what arrives while measuring. */
function gather() {
  const latencies: number[] = [];
  let open = false;
  return {
    latencies,
    take(sentAt: number) {
      if (open) latencies.push(instant() - sentAt);
    },
    async measure() {
      await wait(warmUpMs);
      open = true;
      await wait(measureMs);
      open = false;
    },
  };
}

async function throughHub(): Promise<{ latencies: number[]; logins: TerminalLogin[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const hub = await startHub(folder);
  const logins = await enrolTerminals(hub, terminals);
  const gathered = gather();
  const stream = await listen(`${hub.http}/api/v1/live`, hub.headers, ({ event, data }) => {
    if (event === undefined) gathered.take((JSON.parse(data) as { data: { sentAt: number } }).data.sentAt);
  });
  const load = startLoad(hub.mqtt, logins, everyMs);
  await load.connected;
  await gathered.measure();
  await load.stop();
  stream.stop();
  await hub.stop();
  rmSync(folder, { recursive: true });
  return { latencies: gathered.latencies, logins };
}

async function throughBareBroker(logins: readonly TerminalLogin[]): Promise<number[]> {
  const broker = await startServer('./bare-broker.js');
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const subscriber = await mqtt.connectAsync(url);
  const gathered = gather();
  subscriber.on('message', (_topic, payload) => {
    gathered.take((JSON.parse(payload.toString()) as { data: { sentAt: number } }).data.sentAt);
  });
  await subscriber.subscribeAsync('manyi/v1/+/+/events', { qos: 0 });
  const load = startLoad(url, logins, everyMs);
  await load.connected;
  await gathered.measure();
  await load.stop();
  subscriber.end(true);
  await broker.stop();
  return gathered.latencies;
}
