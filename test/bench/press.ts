import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openScreen, placeFor, startAgent } from './agent-process.ts';
import { startHub } from './hub.ts';
import { ms, percentile, type Row } from './row.ts';

const presses = 100;
const delayedPresses = 10;
const delayMs = 300;
const mostOverSyncMs = 10;
/** Counted from the press: long enough that a delayed sync does not outlast the page. */
const thanksSeconds = 1;

/**
 * From a press on the counter screen to its thanks, beside what the same disk takes to sync, measured between the presses.
 */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const hub = await startHub(join(folder, 'hub'));
  const code = await placeFor(hub, 'press-hall', 'continuous');
  const data = join(folder, 'agent');
  const { thanks, syncs } = await pressMany({ folder: data, hub, code }, presses);
  // Linux delays the agent's every sync by itself: strace holds the call back before it begins.
  const inject = `fsync,fdatasync:delay_enter=${delayMs * 1000}`;
  const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync', '-e', `inject=${inject}`];
  const delayed = await pressMany({ folder: data, hub, under }, delayedPresses);
  await hub.stop();
  rmSync(folder, { recursive: true });
  const p99 = percentile(thanks, 0.99);
  const floor = percentile(syncs, 0.99);
  const soonest = Math.min(...delayed.thanks);
  return [
    {
      name: `press to thanks, p99 of ${presses}`,
      figure: `${ms(p99)} (median ${ms(percentile(thanks, 0.5))})`,
      floor: `${ms(floor)} to sync the disk`,
      ratio: p99 / floor,
      target: `<= sync + ${mostOverSyncMs} ms`,
      pass: p99 <= floor + mostOverSyncMs,
    },
    {
      name: `press to thanks with every sync delayed by ${delayMs} ms, soonest of ${delayedPresses}`,
      figure: ms(soonest),
      floor: null,
      ratio: null,
      target: `>= ${delayMs} ms`,
      pass: soonest >= delayMs,
    },
  ];
}

async function pressMany(options: Parameters<typeof startAgent>[0], count: number) {
  const agent = await startAgent({ ...options, thanksSeconds });
  const screen = await openScreen(agent.screen);
  await screen.shows((view) => view.notice === null && view.online);
  const file = openSync(join(options.folder, 'sync-floor'), 'w');
  const thanks: number[] = [];
  const syncs: number[] = [];
  for (let press = 0; press < count; press++) {
    await screen.shows((view) => view.phase === 'no-clerk');
    const start = performance.now();
    const kept = screen.input({ type: 'press', level: 'satisfied' });
    thanks.push((await screen.shows((view) => view.phase === 'reason' || view.phase === 'thanks')) - start);
    await kept;
    syncs.push(syncOnce(file));
    await screen.input({ type: 'skip' });
  }
  closeSync(file);
  screen.close();
  await agent.stop();
  return { thanks, syncs };
}

/** A page of new bytes to the disk, as the journal of the outbox writes it. */
function syncOnce(file: number): number {
  writeSync(file, Buffer.alloc(4096, 1));
  const start = performance.now();
  fdatasyncSync(file);
  return performance.now() - start;
}
