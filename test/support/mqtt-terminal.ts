import type { Receipt } from '@manyi/config/receipts';
import { terminalTopic } from '@manyi/config/topics';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { site } from './core.ts';

/** A terminal as an outside program would be one: a real MQTT client with its name as password. */
export interface MqttTerminal {
  readonly client: MqttClient;
  readonly name: string;
  /** Every receipt so far. */
  readonly receipts: Receipt[];
  /** Publishes on `events`, as JSON or as the very bytes; resolves with the PUBACK. */
  send(...events: (object | string | Buffer)[]): Promise<void>;
  status(status: object): Promise<void>;
  /** The newest receipt of an outbox that says at least this much. */
  receipt(outbox: string, through: number): Promise<Receipt>;
  /** The next receipt, whatever it says. */
  nextReceipt(): Promise<Receipt>;
  close(): Promise<void>;
}

export async function connectTerminal(
  port: number,
  name = 'terminal-1',
  more: IClientOptions = {},
): Promise<MqttTerminal> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: name,
    password: name,
    reconnectPeriod: 0,
    ...more,
  });
  client.on('error', () => {});
  const receipts: Receipt[] = [];
  let waiting: (() => void)[] = [];
  client.on('message', (_topic, payload) => {
    receipts.push(JSON.parse(payload.toString()) as Receipt);
    const heard = waiting;
    waiting = [];
    for (const wake of heard) wake();
  });
  await client.subscribeAsync(terminalTopic(site, name, 'receipts'), { qos: 1 });
  const change = () => new Promise<void>((resolve) => waiting.push(resolve));
  const publish = (channel: 'events' | 'status', message: object | string | Buffer) =>
    client.publishAsync(terminalTopic(site, name, channel), bytesOf(message), { qos: 1 });

  return {
    client,
    name,
    receipts,
    async send(...events) {
      await Promise.all(events.map((event) => publish('events', event)));
    },
    async status(status) {
      await publish('status', status);
    },
    async receipt(outbox, through) {
      for (;;) {
        const found = receipts.findLast((one) => one.outbox === outbox && one.through >= through);
        if (found !== undefined) return found;
        await change();
      }
    },
    async nextReceipt() {
      const before = receipts.length;
      while (receipts.length === before) await change();
      return receipts.at(-1) as Receipt;
    },
    close: () => client.endAsync(true),
  };
}

function bytesOf(message: object | string | Buffer): string | Buffer {
  return typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
}

/** Resolves when the broker has closed the connection. */
export function closed(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    if (!client.connected) resolve();
    client.once('close', () => resolve());
  });
}
