import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Steps } from '../../../firmware/bounce.ts';

/** When a trace was played, in milliseconds of the time of day, and whether no step of its bounce became much longer. */
interface Played {
  readonly from: number;
  readonly to: number;
  readonly asMeant: boolean;
}

/**
 * Closes and opens a contact in a thread of its own, for the drivers have the other one. No step is shorter than it is meant. `done`
 * becomes 1 at the end, for whoever stands still until then.
 */
export async function playContact(
  file: string,
  traces: readonly Steps[],
  done = new Int32Array(new SharedArrayBuffer(4)),
): Promise<Played[]> {
  const player = new Worker(
    `const { openSync, writeSync } = require('node:fs');
    const { workerData: { file, traces, done }, parentPort } = require('node:worker_threads');
    const pull = openSync(file, 'w');
    const still = new Int32Array(new SharedArrayBuffer(4));
    const time = () => performance.timeOrigin + performance.now();
    const played = traces.map((steps) => {
      const from = time();
      let asMeant = true;
      for (const [n, hundredths] of steps.entries()) {
        const begun = time();
        writeSync(pull, n % 2 === 0 ? 'pull-down' : 'pull-up', 0);
        const until = time() + hundredths / 100;
        while (time() < until) if (until - time() > 5) Atomics.wait(still, 0, 0, 2);
        if (hundredths < 400 && time() - begun > 4) asMeant = false;
      }
      return { from, to: time(), asMeant };
    });
    Atomics.store(done, 0, 1);
    Atomics.notify(done, 0);
    parentPort.postMessage(played);`,
    { eval: true, workerData: { file, traces, done } },
  );
  const [played] = (await once(player, 'message')) as [Played[]];
  return played;
}

/** A time in which this machine ran nothing of ours, in milliseconds of the time of day. */
interface Standstill {
  readonly from: number;
  readonly to: number;
}

/** Looks out for standstills of more than `longestMs`, from a thread that wants to run every half millisecond. */
export function watchForStandstills(longestMs: number): { stop(): Promise<Standstill[]> } {
  const watcher = new Worker(
    `const { workerData: longestMs, parentPort } = require('node:worker_threads');
    const still = new Int32Array(new SharedArrayBuffer(4));
    const time = () => performance.timeOrigin + performance.now();
    const found = [];
    let over = false;
    let last = time();
    parentPort.once('message', () => { over = true; });
    const look = () => {
      const end = last + 20;
      while (last < end) {
        Atomics.wait(still, 0, 0, 0.5);
        const now = time();
        if (now - last > longestMs) found.push({ from: last, to: now });
        last = now;
      }
      if (over) parentPort.postMessage(found);
      else setImmediate(look);
    };
    look();`,
    { eval: true, workerData: longestMs },
  );
  return {
    async stop() {
      watcher.postMessage('stop');
      const [found] = (await once(watcher, 'message')) as [Standstill[]];
      return found;
    },
  };
}
