import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type ServerOpts, type Socket } from 'node:net';

/** What stands between programs and a server: every connection has one to the server, and both end together. */
export interface Relay {
  readonly port: number;
  /** Tears every connection away; new ones come through. A reset also throws away what was not read yet. */
  cut(how?: 'end' | 'reset'): void;
  close(): void;
}

/** `joined` hands on what comes from either end, as the line is to be. */
export async function startRelay(
  server: () => { readonly host: string; readonly port: number },
  joined: (client: Socket, upstream: Socket) => void,
  options: ServerOpts = {},
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const relay = createServer(options, (client) => {
    const upstream = connect(server());
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      });
    }
    joined(client, upstream);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const cut: Relay['cut'] = (how = 'end') => {
    for (const socket of sockets) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.destroy();
    }
  };
  return {
    port: (relay.address() as AddressInfo).port,
    cut,
    close() {
      cut();
      relay.close();
    },
  };
}

/** Where the server at an address is to be reached. */
export function placeOf(address: string): { host: string; port: number } {
  const { hostname: host, port } = new URL(address);
  return { host, port: Number(port) };
}
