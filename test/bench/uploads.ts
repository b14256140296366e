import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { terminalTopic } from '@manyi/config/topics';
import mqtt from 'mqtt';
import { event } from '../support/events.ts';
import { type Sender, startSender } from '../support/sender.ts';
import { type BenchHub, startHub } from './hub.ts';
import type { Row } from './row.ts';
import { enrolTerminals, type TerminalLogin } from './terminals.ts';

const terminals = 200;
/** Terminals that rate as fast as they are receipted, beside those that upload: enough to keep the hub busy. */
const raters = 10;
const warmUpMs = 3000;
/** Before and after, because what else the machine does changes from one minute to the next. */
const aloneMs = 6000;
const leastShare = 0.8;

/** A clip on its way, and who sends it. */
export interface ClipUpload {
  readonly recording: string;
  readonly username: string;
  readonly password: string;
  /** Base64. */
  readonly bytes: string;
}

/** Ratings taken in a second while 200 terminals upload clips of 1 MB at once, beside the same hub's rate without that. */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const hub = await startHub(folder);
  const logins = await enrolTerminals(hub, terminals + raters);
  const uploads = await tellOfClips(hub, logins.slice(raters));
  const senders = logins.slice(0, raters).map((login) => startSender({ ...login, broker: hub.mqtt }));
  await wait(warmUpMs);
  const before = await rateOf(senders, () => wait(aloneMs));
  let tookMs = 0;
  const meanwhile = await rateOf(senders, async () => {
    tookMs = await upload(hub, uploads);
  });
  const after = await rateOf(senders, () => wait(aloneMs));
  const alone = (before + after) / 2;
  await Promise.all(senders.map((sender) => sender.finish()));
  const { stored, bytes } = JSON.parse(await hub.ask('/recordings/state')) as { stored: number; bytes: number };
  await hub.stop();
  rmSync(folder, { recursive: true });
  const megabytes = bytes / 1e6;
  return [
    {
      name: `ratings taken in while ${stored} clips (${Math.round(megabytes)} MB) come at once, in ${(tookMs / 1000).toFixed(1)} s`,
      figure: `${Math.round(meanwhile)} ratings/s`,
      floor: `${Math.round(alone)} ratings/s alone`,
      ratio: meanwhile / alone,
      target: `>= ${leastShare}, all whole`,
      pass: meanwhile / alone >= leastShare && stored === terminals,
    },
  ];
}

/** What all senders together get receipted in a second while something lasts. */
async function rateOf(senders: readonly Sender[], during: () => Promise<unknown>): Promise<number> {
  const receipted = () => senders.reduce((sum, sender) => sum + sender.receipted(), 0);
  const [before, start] = [receipted(), performance.now()];
  await during();
  return (receipted() - before) / ((performance.now() - start) / 1000);
}

/** Every terminal tells of a clip of its own; resolves when the hub knows them all. */
async function tellOfClips(hub: BenchHub, logins: readonly TerminalLogin[]): Promise<ClipUpload[]> {
  const bytes = megabyteOfNoise();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const uploads: ClipUpload[] = [];
  for (const { site, terminal, username, password } of logins) {
    const recording = randomUUID();
    const data = {
      clerk: null,
      recording,
      startedAt: new Date().toISOString(),
      durationMs: 65_000,
      bytes: bytes.length,
    };
    const made = event('manyi.recording.made.v1', randomUUID(), 1, { ...data, sha256 });
    const client = await mqtt.connectAsync(hub.mqtt, { username, password });
    await client.publishAsync(terminalTopic(site, terminal, 'events'), JSON.stringify(made), { qos: 1 });
    await client.endAsync();
    uploads.push({ recording, username, password, bytes: bytes.toString('base64') });
  }
  for (let known = 0; known < logins.length; await wait(50)) {
    known = (JSON.parse(await hub.ask('/recordings?limit=1000')) as { items: unknown[] }).items.length;
  }
  return uploads;
}

/** Real Ogg Opus: noise cannot be made small. */
function megabyteOfNoise(): Buffer {
  const how = [
    '--quiet',
    '--raw',
    '--raw-rate',
    '16000',
    '--raw-chan',
    '1',
    '--hard-cbr',
    '--bitrate',
    '128',
    '-',
    '-',
  ];
  return execFileSync('opusenc', how, { input: randomBytes(65 * 16_000 * 2), maxBuffer: 64 * 1024 * 1024 });
}

async function upload({ http }: BenchHub, uploads: readonly ClipUpload[]): Promise<number> {
  const file = new URL('./uploads-process.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  child.stdin.end(JSON.stringify({ http, uploads }));
  const tookMs = Number(await text(child.stdout));
  await exit;
  if (!(tookMs > 0)) throw new Error('not every clip was taken');
  return tookMs;
}
