import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Steps } from '../../../firmware/bounce.ts';

/** When a trace was played, in milliseconds of the time of day, and whether no step of its bounce became much longer. */
interface Played {
  readonly from: number;
  readonly to: number;
  readonly asMeant: boolean;
}

/** Closes and opens a contact in a thread of its own, for the drivers have the other one. No step is shorter than it is meant. */
export async function playContact(file: string, traces: readonly Steps[]): Promise<Played[]> {
  const player = new Worker(
    `const { openSync, writeSync } = require('node:fs');
    const { workerData: { file, traces }, parentPort } = require('node:worker_threads');
    const pull = openSync(file, 'w');
    const still = new Int32Array(new SharedArrayBuffer(4));
    const time = () => performance.timeOrigin + performance.now();
    parentPort.postMessage(traces.map((steps) => {
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
    }));`,
    { eval: true, workerData: { file, traces } },
  );
  const [played] = (await once(player, 'message')) as [Played[]];
  return played;
}
