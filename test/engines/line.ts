import { placeOf, startRelay } from '../support/relay.ts';

/** A line to a hub that can be made narrow, and tells what was asked for over it. */
export interface Line {
  readonly url: string;
  /** From which byte on parts of something were asked for. */
  readonly ranges: () => readonly number[];
  /** From now on so many bytes a second come from the hub over one connection. */
  narrow(bytesPerSecond: number): void;
  close(): void;
}

export async function startLine(hub: string): Promise<Line> {
  const ranges: number[] = [];
  let bytesPerMs = Number.POSITIVE_INFINITY;
  const relay = await startRelay(
    () => placeOf(hub),
    (client, upstream) => {
      client.on('data', (chunk) => {
        for (const [, from] of chunk.toString('latin1').matchAll(/\r\nrange: bytes=(\d+)-/gi))
          ranges.push(Number(from));
        upstream.write(chunk);
      });
      upstream.on('data', (chunk) => {
        client.write(chunk);
        upstream.pause();
        setTimeout(() => upstream.resume(), chunk.length / bytesPerMs);
      });
    },
  );
  return {
    url: `http://127.0.0.1:${relay.port}`,
    ranges: () => ranges,
    narrow(bytesPerSecond) {
      bytesPerMs = bytesPerSecond / 1000;
    },
    close: relay.close,
  };
}
