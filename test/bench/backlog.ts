import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchorOf } from '@manyi/agent/clock';
import { machineFingerprint, thisMachine } from '@manyi/agent/machine';
import { openOutbox } from '@manyi/agent/outbox/outbox';
import { listen } from '../hub/queries/listen.ts';
import { openScreen, placeFor, startAgent } from './agent-process.ts';
import { startHub } from './hub.ts';
import { ms, percentile, type Row } from './row.ts';
import { enrolTerminals, instant, startLoad } from './terminals.ts';

const backlog = 100_000;
const others = 50;
const leastRate = 2000;
const mostMs = 250;

/** A terminal comes back with a hundred thousand events and its own outbox and link, while fifty others rate every second. */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const hub = await startHub(join(folder, 'hub'));
  const data = join(folder, 'agent');
  await enrolAgent(data, hub);
  fillOutbox(data);

  const drained = watchDrain();
  const stream = await listen(`${hub.http}/api/v1/live`, hub.headers, ({ event, data: text }) => {
    if (event === undefined) drained.take(JSON.parse(text) as LiveRating);
  });
  const load = startLoad(hub.mqtt, await enrolTerminals(hub, others), 1000);
  await load.connected;
  const agent = await startAgent({ folder: data, hub });
  await Promise.race([drained.all, stream.ended.then(cutOff)]);
  await agent.stop();
  await load.stop();
  stream.stop();
  await hub.stop();
  rmSync(folder, { recursive: true });
  const { rate, latencies, inOrder } = drained.result();
  const p99 = percentile(latencies, 0.99);
  return [
    {
      name: `backlog of ${backlog} events drained${inOrder ? ' in order' : ', OUT OF ORDER'}`,
      figure: `${Math.round(rate)} events/s`,
      floor: null,
      ratio: null,
      target: `>= ${leastRate}/s in order`,
      pass: inOrder && rate >= leastRate,
    },
    {
      name: `live stream of ${others} others meanwhile, p99 of ${latencies.length}`,
      figure: ms(p99),
      floor: null,
      ratio: null,
      target: `<= ${mostMs} ms`,
      pass: p99 <= mostMs && latencies.length > 0,
    },
  ];
}

function cutOff(): never {
  throw new Error('the live stream ended before the backlog was drained');
}

async function enrolAgent(folder: string, hub: Awaited<ReturnType<typeof startHub>>): Promise<void> {
  const agent = await startAgent({ folder, hub, code: await placeFor(hub, 'backlog-hall', 'called') });
  const screen = await openScreen(agent.screen);
  await screen.shows((view) => view.notice === null && view.online);
  screen.close();
  await agent.stop();
}

/** Puts the events where the agent would have: into its own outbox, through the outbox's own door. */
function fillOutbox(folder: string): void {
  const machine = thisMachine();
  const outbox = openOutbox({
    folder: join(folder, 'terminal'),
    fingerprint: machineFingerprint(),
    boot: machine.boot,
    anchor: (lastKnown) => anchorOf(machine, lastKnown),
    newId: randomUUID,
    onBroken: (what) => {
      throw new Error(what);
    },
  });
  const place = { duty: null, clerk: 'C1', counter: 'counter-1', profile: 'four-key', invitedBy: 'clerk' };
  for (let written = 0; written < backlog; written += 1000) {
    const events = Array.from({ length: 1000 }, () => ({
      type: 'manyi.rating.given.v1',
      data: { ...place, service: randomUUID(), level: 'satisfied', pressedAfterMs: 2310, unprompted: false },
    }));
    outbox.commit({ events, now: Date.now() });
  }
  outbox.close();
}

interface LiveRating {
  readonly site: string;
  readonly type: string;
  readonly data: { readonly seq: number; readonly sentAt?: number };
}

/** Takes the time of the drain, checks its order, and gathers the others' latencies while it lasts. */
function watchDrain() {
  const latencies: number[] = [];
  let taken = 0;
  let first = 0;
  let last = 0;
  let seq = 0;
  let inOrder = true;
  let finish = () => {};
  const all = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    all,
    take({ site, type, data }: LiveRating) {
      const isDraining = taken > 0 && taken < backlog;
      if (data.sentAt !== undefined && isDraining) latencies.push(instant() - data.sentAt);
      if (site !== 'backlog-hall' || type !== 'manyi.rating.given.v1') return;
      inOrder &&= data.seq > seq;
      seq = data.seq;
      taken += 1;
      last = performance.now();
      if (taken === 1) first = last;
      if (taken === backlog) finish();
    },
    result: () => ({ latencies, inOrder, rate: (backlog / (last - first)) * 1000 }),
  };
}
