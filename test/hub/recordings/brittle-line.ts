import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { placeOf, startRelay } from '../../support/relay.ts';

/** A line to a hub that breaks in every request, or in the answer to it, each time a step further than the last time with that method. */
export interface BrittleLine {
  readonly url: string;
  /** Of every method that was used: how often the line broke, and how many bytes stand before the body. */
  readonly broke: () => Readonly<Record<string, { readonly times: number; readonly head: number }>>;
}

export interface Brittle {
  readonly in: 'request' | 'answer';
  /** In bytes; the last of them at which it breaks is `upTo`. */
  readonly step: number;
  readonly upTo: number;
}

export async function startBrittleLine(hub: string, { in: where, step, upTo }: Brittle): Promise<BrittleLine> {
  const broke: Record<string, { times: number; head: number }> = {};
  const relay = await startRelay(
    () => placeOf(hub),
    (client, upstream) => {
      let now = { times: 0, head: 0 };
      /** How many bytes more come through; null when none was counted yet. */
      let left: number | null = null;

      function hand(chunk: Buffer, to: Socket): void {
        if (left === null) {
          now.head = chunk.indexOf('\r\n\r\n') + 4;
          const at = (now.times + 1) * step;
          left = at > upTo ? Number.POSITIVE_INFINITY : at;
        }
        const part = chunk.subarray(0, left);
        left -= part.length;
        if (left > 0) return void to.write(part);
        now.times += 1;
        to.write(part, () => {
          client.destroy();
          // A reset also throws away what was not read yet.
          if (now.times % 3 === 0) upstream.resetAndDestroy();
          else upstream.end();
        });
      }

      client.on('data', (chunk: Buffer) => {
        const method = /^(POST|HEAD|PATCH) /.exec(chunk.toString('latin1', 0, 6))?.[1];
        if (method !== undefined) {
          broke[method] ??= { times: 0, head: 0 };
          now = broke[method];
          left = null;
        }
        if (where === 'request') hand(chunk, upstream);
        else upstream.write(chunk);
      });
      upstream.on('data', (chunk: Buffer) => {
        if (where === 'answer') hand(chunk, client);
        else client.write(chunk);
      });
    },
  );
  onTestFinished(relay.close);
  return { url: `http://127.0.0.1:${relay.port}`, broke: () => broke };
}
