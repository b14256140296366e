import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { placeOf, startRelay } from './relay.ts';

/** A line that breaks: every connection is dropped after so many bytes in a direction. */
export interface CuttingProxy {
  readonly url: string;
  /** How many connections have been dropped. */
  readonly cuts: () => number;
  /** How many bytes have come for the hub. */
  readonly sentUp: () => number;
}

export interface Cut {
  /** Bytes that pass towards the hub, or from it, before both ends are torn away. */
  readonly up?: number;
  readonly down?: number;
  /** Whether the hub sees a reset, which also throws away what it has not read yet. */
  readonly reset?: boolean;
  /** Nothing more passes, and nobody is told: both ends stay open. */
  readonly stall?: boolean;
}

/** `cutOf` says for the first, second … connection where it is cut; null lets it live. `hub` may be another after a restart. */
export async function startCuttingProxy(
  hub: string | (() => string),
  cutOf: (connection: number) => Cut | null,
): Promise<CuttingProxy> {
  let connections = 0;
  let cuts = 0;
  let sentUp = 0;
  const relay = await startRelay(
    () => placeOf(typeof hub === 'string' ? hub : hub()),
    (client, upstream) => {
      const cut = cutOf(connections++) ?? {};
      client.on('data', (chunk) => {
        sentUp += chunk.length;
      });
      const end = () => {
        cuts += 1;
        if (cut.stall) return;
        client.destroy();
        if (cut.reset) upstream.resetAndDestroy();
        else upstream.end();
      };
      pass(client, upstream, cut.up ?? Number.POSITIVE_INFINITY, end);
      pass(upstream, client, cut.down ?? Number.POSITIVE_INFINITY, end);
    },
  );
  onTestFinished(relay.close);
  return { url: `http://127.0.0.1:${relay.port}`, cuts: () => cuts, sentUp: () => sentUp };
}

/** Hands on exactly `budget` bytes, waits until they are out, and ends. */
function pass(from: Socket, to: Socket, budget: number, end: () => void): void {
  let left = budget;
  from.on('data', (chunk) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (left > 0) to.write(part);
    else to.write(part, end);
  });
}
