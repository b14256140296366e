import { randomUUID } from 'node:crypto';
import type { Receipt } from '@manyi/config/receipts';
import { terminalTopic } from '@manyi/config/topics';
import mqtt, { type MqttClient } from 'mqtt';
import { type EventFields, rating, type TestEvent } from './events.ts';

/** How a terminal signs in to the broker. */
export interface Credential {
  readonly site: string;
  readonly counter: string;
  readonly terminal: string;
  readonly username: string;
  readonly password: string;
  readonly broker: string;
}

/** An outbox of another make: it sends ratings as fast as the hub receipts them, again and again until it does. */
export interface Sender {
  /** How many are receipted so far. */
  readonly receipted: () => number;
  /** Makes no new ratings, and resolves with all that were made once the hub has receipted the last. */
  finish(): Promise<readonly TestEvent[]>;
}

/** As much as the agent keeps in flight. */
const inFlight = 500;

/**
 * Starts sending, over as many connections as it takes. `fieldsOf` a number is what its rating says beside the usual. A receipt that takes
 * back an earlier one fails `finish`.
 */
export function startSender(credential: Credential, fieldsOf: (seq: number) => EventFields = () => ({})): Sender {
  const outbox = randomUUID();
  const events: TestEvent[] = [];
  const topic = (channel: 'events' | 'receipts' | 'status') =>
    terminalTopic(credential.site, credential.terminal, channel);
  let through = 0;
  let last: number | null = null;
  let takenBack: string | null = null;

  function eventAt(index: number): TestEvent | undefined {
    if (last === null && index === events.length) events.push(rating(outbox, index + 1, fieldsOf(index + 1)));
    return events[index];
  }

  const isDone = () => last !== null && through >= last;

  async function connection(client: MqttClient): Promise<void> {
    let sent = through;
    const more = () => {
      for (; sent < through + inFlight; sent++) {
        const event = eventAt(sent);
        if (event === undefined) return;
        client.publish(topic('events'), JSON.stringify(event), { qos: 1 });
      }
    };
    client.on('message', (_, payload) => {
      const receipt = JSON.parse(String(payload)) as Receipt;
      if (receipt.outbox !== outbox) return;
      if (receipt.through < through) takenBack = `a receipt through ${receipt.through} after one through ${through}`;
      through = Math.max(through, receipt.through);
      if (isDone()) client.end(true);
      else more();
    });
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.subscribe(topic('receipts'), { qos: 1 });
    client.publish(topic('status'), online(), { qos: 1 });
    more();
    await closed;
  }

  /** The hub answers it with the receipt of this outbox. */
  function online(): string {
    const next = Math.max(events.length, through) + 1;
    return JSON.stringify({
      state: 'online',
      connection: randomUUID(),
      outbox,
      first: through + 1,
      next,
      agent: 'test',
    });
  }

  async function run(): Promise<void> {
    while (!isDone()) {
      const client = await connect(credential);
      if (client === null) continue;
      await connection(client);
      client.end(true);
    }
  }

  const running = run();
  return {
    receipted: () => through,
    async finish() {
      last = events.length;
      await running;
      if (takenBack !== null) throw new Error(takenBack);
      return events;
    },
  };
}

async function connect({ broker, username, password }: Credential): Promise<MqttClient | null> {
  try {
    const client = await mqtt.connectAsync(
      broker,
      { username, password, reconnectPeriod: 0, connectTimeout: 5000 },
      false,
    );
    client.on('error', () => {});
    return client;
  } catch {
    // The hub is down: the port is asked again at once, but not faster than the machine can turn.
    await new Promise((resolve) => setTimeout(resolve, 20));
    return null;
  }
}
