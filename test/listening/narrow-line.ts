import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { startRelay } from '../support/relay.ts';

/** A line to a server that can be made narrow, and cut. */
export interface NarrowLine {
  readonly port: number;
  /** From now on so many bytes a second pass towards the server. */
  narrow(bytesPerSecond: number): void;
  /** Tears every connection away; new ones come through. */
  cut(): void;
}

/** What waits in the line itself is little: whoever sends more than passes is held up. */
const pieceBytes = 512;

export async function startLine(serverPort: number): Promise<NarrowLine> {
  let bytesPerSecond = Number.POSITIVE_INFINITY;
  const relay = await startRelay(
    () => ({ host: '127.0.0.1', port: serverPort }),
    (client, upstream) => {
      upstream.pipe(client);
      void passSlowly(client, upstream, () => bytesPerSecond);
    },
    { highWaterMark: pieceBytes },
  );
  onTestFinished(relay.close);
  return {
    port: relay.port,
    cut: () => relay.cut('reset'),
    narrow: (wanted) => {
      bytesPerSecond = wanted;
    },
  };
}

/** Reads only what has passed, so that the sender's side fills as it would before a slow modem. */
async function passSlowly(from: Socket, to: Socket, bytesPerSecond: () => number): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        const piece = chunk.subarray(at, at + pieceBytes);
        const ms = (piece.length * 1000) / bytesPerSecond();
        if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
        to.write(piece);
      }
    }
  } catch {
    // Cut: both ends know.
  }
}
