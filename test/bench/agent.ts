import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scores } from '@manyi/config/api';
import { type BenchScreen, openScreen, placeFor, startAgent } from './agent-process.ts';
import { type BenchHub, startHub } from './hub.ts';
import type { Row } from './row.ts';

const services = 100_000;
/** Every service waits for the disk twice, and here only memory is looked at: files in memory are synced at once. */
const inMemory = '/dev/shm';
/** So many are on the way to the agent at once: its door takes them one by one, and need not wait for the bench between them. */
const together = 20;
const settled = 20_000;
const mostResident = 90e6;
const mostReadyMs = 3000;
const mostGrowth = 5e6;

/** What the agent takes of the machine: memory, time to be ready, and growth while it serves a hundred thousand customers. */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(existsSync(inMemory) ? inMemory : tmpdir(), 'manyi-bench-'));
  const hub = await startHub(join(folder, 'hub'));
  const code = await placeFor(hub, 'agent-hall', 'called');
  const agent = await startAgent({ folder: join(folder, 'agent'), hub, code });
  const screen = await openScreen(agent.screen);
  // The counter's name comes with the site's mode; before, nobody is called.
  await screen.shows((view) => view.notice === null && view.online && view.counter === 'Counter 1');
  let before = 0;
  let most = agent.resident();
  for (let served = together; served <= services; served += together) {
    await serve(screen);
    if (served % 1000 === 0) most = Math.max(most, agent.resident());
    if (served === settled) before = most;
  }
  screen.close();
  await allArrived(hub);
  most = Math.max(most, agent.resident());
  await agent.stop();
  await hub.stop();
  rmSync(folder, { recursive: true });
  const growth = most - before;
  return [
    row('agent resident, at most', `${mega(most)} MB`, `<= ${mega(mostResident)} MB`, most <= mostResident),
    row(
      'agent ready after its start',
      `${Math.round(agent.readyMs)} ms`,
      `<= ${mostReadyMs} ms`,
      agent.readyMs <= mostReadyMs,
    ),
    row(
      `agent's growth from ${settled} to ${services} services`,
      `${mega(growth)} MB`,
      `<= ${mega(mostGrowth)} MB`,
      growth <= mostGrowth,
    ),
  ];
}

/** A customer comes, the one before is asked and says "not now", and goes; some of them after each other. */
async function serve(screen: BenchScreen): Promise<void> {
  const inputs = Array.from({ length: together }, () => [
    screen.input({ type: 'next' }),
    screen.input({ type: 'not-now' }),
  ]);
  await Promise.all(inputs.flat());
}

/** Resolves when the hub counts every service that has ended; the last is still open, and the first "not now" met nobody. */
async function allArrived(hub: BenchHub): Promise<void> {
  for (;;) {
    const scores = JSON.parse(await hub.ask('/scores?by=site&from=2020-01-01&to=2100-01-01')) as Scores;
    const ended = scores.items.reduce((sum, one) => sum + one.services, 0);
    if (ended === services - 1) return;
    if (ended >= services) throw new Error(`the hub counts ${ended} services of ${services - 1}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function row(name: string, figure: string, target: string, pass: boolean): Row {
  return { name, figure, floor: null, ratio: null, target, pass };
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
