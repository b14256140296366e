import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

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
  const { hostname, port } = new URL(hub);
  const sockets = new Set<Socket>();
  const ranges: number[] = [];
  let bytesPerMs = Number.POSITIVE_INFINITY;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      });
    }
    client.on('data', (chunk) => {
      for (const [, from] of chunk.toString('latin1').matchAll(/\r\nrange: bytes=(\d+)-/gi)) ranges.push(Number(from));
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      client.write(chunk);
      upstream.pause();
      setTimeout(() => upstream.resume(), chunk.length / bytesPerMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ranges: () => ranges,
    narrow(bytesPerSecond) {
      bytesPerMs = bytesPerSecond / 1000;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
