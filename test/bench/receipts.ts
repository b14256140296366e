import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rating } from '../support/events.ts';
import { connectTerminal, type MqttTerminal } from '../support/mqtt-terminal.ts';
import { ms, percentile, type Row } from './row.ts';
import { startServer } from './server.ts';

const terminals = 200;
const seconds = 20;
const backlog = 100_000;

/**
 * How long a rating waits for its receipt: 200 terminals at one a second each, alone and beside a terminal that drains a backlog.
 * The receipt follows the commit as the live stream does.
 */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const core = await startServer('../support/core-process.js', folder, '0', String(terminals + 1));
  const names = Array.from({ length: terminals }, (_, index) => `terminal-${index + 1}`);
  const steady = await Promise.all(names.map((name) => connectTerminal(core.port, name)));
  await beat(steady, 3);
  const alone = await beat(steady, seconds);
  const draining = drain(core.port, `terminal-${terminals + 1}`);
  const beside = await beat(steady, seconds, draining);
  const rate = backlog / (await draining);
  await Promise.all(steady.map((terminal) => terminal.close()));
  await core.stop();
  rmSync(folder, { recursive: true });
  const [p99, p99Beside] = [percentile(alone, 0.99), percentile(beside, 0.99)];
  const row = { floor: null, ratio: null };
  return [
    {
      ...row,
      name: `${terminals} ratings/s: publish to receipt, p99`,
      figure: ms(p99),
      target: '<= 50 ms',
      pass: p99 <= 50,
    },
    {
      ...row,
      name: `the same beside a backlog of ${backlog}`,
      figure: ms(p99Beside),
      target: '<= 250 ms',
      pass: p99Beside <= 250,
    },
    { ...row, name: 'that backlog drains', figure: `${Math.round(rate)}/s`, target: '>= 2000/s', pass: rate >= 2000 },
  ];
}

/** Every terminal sends one rating a second, spread evenly; gives the waits in milliseconds. Ends early with `until`. */
async function beat(all: readonly MqttTerminal[], duration: number, until?: Promise<unknown>): Promise<number[]> {
  const waits: number[] = [];
  let ended = false;
  void until?.then(() => {
    ended = true;
  });
  await Promise.all(
    all.map(async (terminal, index) => {
      const outbox = randomUUID();
      const first = performance.now() + (index * 1000) / all.length;
      for (let seq = 1; seq <= duration && !ended; seq++) {
        await at(first + (seq - 1) * 1000);
        const sent = performance.now();
        void terminal.send(rating(outbox, seq));
        await terminal.receipt(outbox, seq);
        waits.push(performance.now() - sent);
      }
    }),
  );
  return waits;
}

/** Lets one terminal send its backlog from a process of its own; gives the seconds until all is receipted. */
async function drain(port: number, name: string): Promise<number> {
  const file = new URL('./drainer.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [file, String(port), name, String(backlog)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return Number(line);
}

function at(instant: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, instant - performance.now())));
}
