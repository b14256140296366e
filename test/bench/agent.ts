import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openScreen, placeFor, startAgent } from './agent-process.ts';
import { startHub } from './hub.ts';
import type { Row } from './row.ts';

const services = 100_000;
const settled = 20_000;
const mostResident = 90e6;
const mostReadyMs = 3000;
const mostGrowth = 5e6;

/** What the agent takes of the machine: memory, time to be ready, and growth while it serves a hundred thousand customers. */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const hub = await startHub(join(folder, 'hub'));
  const code = await placeFor(hub, 'agent-hall', 'called');
  const agent = await startAgent({ folder: join(folder, 'agent'), hub, code });
  const screen = await openScreen(agent.screen);
  await screen.shows((view) => view.notice === null && view.online);
  let before = 0;
  let most = agent.resident();
  for (let served = 1; served <= services; served++) {
    await screen.input({ type: 'next' });
    await screen.input({ type: 'not-now' });
    if (served % 1000 === 0) most = Math.max(most, agent.resident());
    if (served === settled) before = most;
  }
  screen.close();
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

function row(name: string, figure: string, target: string, pass: boolean): Row {
  return { name, figure, floor: null, ratio: null, target, pass };
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
