import type { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { maxPacketBytes } from '@manyi/config/limits';
import type { Logger } from 'pino';
import { listenFailure } from '../listen-failure.ts';
import type { RefusalReason, TerminalIdentity, UpChannel } from './access.ts';
import { type Connection, connections } from './connections.ts';
import { doorOf } from './door.ts';
import { HubAedes, type Intake } from './hub-aedes.ts';
import { limitPackets } from './packet-limit.ts';

/** What a terminal published, with the identity that its credential proves. */
export interface BrokerMessage extends TerminalIdentity {
  readonly channel: UpChannel;
  readonly topic: string;
  readonly payload: Buffer;
}

export interface BrokerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly log: Logger;
  /** Who the name and password belong to; null when refused. */
  readonly authenticate: (username: string, password: string) => TerminalIdentity | null;
  /** Takes every message of a terminal. While the promise it may give is open, that connection is not read on. */
  readonly onMessage: (message: BrokerMessage) => Promise<void> | null;
  /** A terminal did what it may not; its connection is closed. */
  readonly onRefused: (terminal: string, why: RefusalReason) => void;
}

/**
 * The embedded MQTT 3.1.1 broker. Only enrolled terminals come in, each to its own topics. A PUBACK means only that a message was
 * handed to `onMessage`. It keeps no sessions: every connection subscribes anew. Client ids are free.
 */
export interface Broker {
  /** Where it listens. */
  readonly port: number;
  /** Resolves when the message is on its way to whoever listens now; a retained one waits for those who come later. */
  publish(
    topic: string,
    payload: string | Buffer,
    options: { readonly retain: boolean; readonly qos: 0 | 1 },
  ): Promise<void>;
  /** Closes every connection of a terminal. */
  disconnect(terminal: string): void;
  /** `false` closes every connection and lets nobody in ("server unavailable") until `true`. */
  setAvailable(available: boolean): void;
  close(): Promise<void>;
}

/** Starts listening. Throws one clear line when the port is taken or the address is not of this machine. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { host, port, log, onMessage, onRefused } = options;
  const known = connections();
  const door = doorOf({ ...options, known });
  const intake: Intake = (client, packet) => {
    const connection = known.get(client);
    const channel = connection?.grants.publishes.get(packet.topic);
    if (connection === undefined || channel === undefined) return null;
    const { site, terminal } = connection.identity;
    return onMessage({ site, terminal, channel, topic: packet.topic, payload: toBuffer(packet.payload) });
  };
  const aedes = new HubAedes({ ...door.handlers, ...settings }, intake, isStatus);
  aedes.on('clientReady', known.ready);
  aedes.on('clientDisconnect', known.gone);
  (aedes as EventEmitter).on('error', (error: Error) => log.error({ err: error }, 'the broker failed'));
  await aedes.listen();

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    const client = aedes.handle(socket);
    limitPackets(socket, maxPacketBytes, () => tooLarge(known.get(client), socket, onRefused, log));
  });
  await listen(server, host, port);
  const address = server.address();

  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    publish: (topic, payload, { retain, qos }) =>
      new Promise((resolve, reject) => {
        aedes.publish({ cmd: 'publish', topic, payload, retain, qos, dup: false }, (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    disconnect: known.close,
    setAvailable(available) {
      door.setAvailable(available);
      if (!available) for (const socket of sockets) socket.destroy();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/**
 * `concurrency: 0`: a client that takes nothing must not hold up messages to others. It is cut off after `drainTimeout`, and
 * somebody who has not said who they are after `connectTimeout`, both in milliseconds.
 */
const settings = {
  concurrency: 0,
  drainTimeout: 20_000,
  connectTimeout: 10_000,
  maxClientsIdLength: 256,
  maxInflightInbound: 100,
};

/** Contract v1 retains what a terminal says of itself; whoever holds its credential may read it. */
function isStatus(topic: string): boolean {
  return topic.endsWith('/status');
}

function toBuffer(payload: string | Buffer): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

function tooLarge(
  connection: Connection | undefined,
  socket: Socket,
  onRefused: BrokerOptions['onRefused'],
  log: Logger,
): void {
  const terminal = connection?.identity.terminal ?? '';
  log.warn(
    { terminal, address: socket.remoteAddress },
    `a packet over ${maxPacketBytes} bytes: the connection is closed`,
  );
  onRefused(terminal, 'packet-too-large');
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, { host, port }, 'MANYI_MQTT')));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
