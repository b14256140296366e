import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import type { Status } from '@manyi/config/status';
import { Aedes, type PublishPacket } from 'aedes';

/** An event as it came over the wire. */
export interface Heard {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>> & { readonly outbox: string; readonly seq: number };
}

/** A real broker, and the little of a hub that answers a terminal: what tests of the agent's link speak with. */
export interface Counterpart {
  readonly port: number;
  readonly events: Heard[];
  readonly statuses: Status[];
  /** Whether events are receipted as they come, and up to which number at most. */
  answers: boolean;
  upTo: number;
  /** Says something on one of the terminal's topics, or on `roster`. */
  say(channel: 'receipts' | 'commands' | 'settings' | 'roster', message: unknown): void;
  /** Waits until something is so, looking again after every message. */
  until(isSo: () => boolean): Promise<void>;
  /** Cuts every connection. */
  cut(): void;
  close(): Promise<void>;
}

export const place = { site: 'main-hall', terminal: 'terminal-1' };

export async function startCounterpart(port = 0): Promise<Counterpart> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const waiting = new Set<() => void>();
  let through = 0;

  const say: Counterpart['say'] = (channel, message) => {
    const topic =
      channel === 'roster' ? `manyi/v1/${place.site}/roster` : `manyi/v1/${place.site}/${place.terminal}/${channel}`;
    const payload = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
    broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => {});
  };
  const receipt = (outbox: string) => say('receipts', { outbox, through });
  const hear = (packet: PublishPacket) => {
    const message: unknown = JSON.parse(packet.payload.toString());
    if (packet.topic.endsWith('/events')) {
      const event = message as Heard;
      self.events.push(event);
      if (event.data.seq === through + 1 && event.data.seq <= self.upTo) through += 1;
      if (self.answers) receipt(event.data.outbox);
    } else {
      const status = message as Status;
      self.statuses.push(status);
      if (self.answers && status.state === 'online') receipt(status.outbox);
    }
    for (const look of waiting) look();
  };
  broker.on('publish', (packet) => {
    if (/\/(events|status)$/.test(packet.topic)) hear(packet);
  });

  const self: Counterpart = {
    port: (server.address() as AddressInfo).port,
    events: [],
    statuses: [],
    answers: true,
    upTo: Number.POSITIVE_INFINITY,
    say,
    until: (isSo) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isSo()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      self.cut();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return self;
}
