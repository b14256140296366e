import { randomUUID } from 'node:crypto';
import type { Enrolled } from '@manyi/config/api';
import { terminalTopic } from '@manyi/config/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Clip } from '../hub/recordings/clips.ts';
import { sendClip } from '../hub/recordings/send-clip.ts';
import { type EventFields, event } from '../support/events.ts';

/** A device that speaks the terminal's side of the contract, one event after the other. */
export interface Device {
  /** Sends an event; resolves when the broker has it. */
  says(type: string, data?: EventFields): Promise<void>;
  /** Tells of a clip, and sends it; resolves when the hub has it. */
  brings(clip: Clip, data?: EventFields): Promise<void>;
  /** Sends bytes as they are. */
  sends(payload: string): Promise<void>;
  /** Tells how it is doing. */
  reports(health: Record<string, unknown>): Promise<void>;
  /** Resolves when the hub has sent it a command of that name. */
  hears(command: string): Promise<void>;
  /** Leaves as a dead machine would: the last will speaks. */
  dies(): Promise<void>;
}

/** Trades a one-time code for a credential, and connects with it. */
export async function enrolDevice(hub: string, code: string): Promise<Device> {
  const answer = await fetch(`${hub}/api/v1/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, nonce: randomUUID() }),
  });
  if (!answer.ok) throw new Error(`enrolment answered ${answer.status}: ${await answer.text()}`);
  const enrolled = (await answer.json()) as Enrolled;
  const client = await connect(enrolled);
  return speak(client, enrolled, hub);
}

interface Connected {
  readonly client: MqttClient;
  readonly connection: string;
}

async function connect({ site, terminal, broker, username, password }: Enrolled): Promise<Connected> {
  const connection = randomUUID();
  const will = {
    topic: terminalTopic(site, terminal, 'status'),
    payload: Buffer.from(JSON.stringify({ state: 'offline', connection })),
    qos: 1 as const,
    retain: true,
  };
  return { client: await connectAsync(broker, { username, password, will, reconnectPeriod: 0 }), connection };
}

async function speak({ client, connection }: Connected, enrolled: Enrolled, hub: string): Promise<Device> {
  const { site, terminal, counter } = enrolled;
  const outbox = randomUUID();
  let seq = 0;
  const publish = (channel: 'events' | 'status', text: string, retain = false) =>
    client.publishAsync(terminalTopic(site, terminal, channel), text, { qos: 1, retain });
  const online = {
    state: 'online',
    connection,
    outbox,
    first: 1,
    next: 1,
    agent: '1.0.0-test',
    health: { parts: { panel: true } },
  };
  await publish('status', JSON.stringify(online), true);
  async function says(type: string, data: EventFields = {}): Promise<void> {
    seq += 1;
    const told = {
      ...event(type, outbox, seq, { counter, ...data }),
      source: `/sites/${site}/terminals/${terminal}`,
    };
    await publish('events', JSON.stringify(told));
  }
  return {
    says,
    async brings(clip, data = {}) {
      const { recording, sha256, durationMs, bytes } = clip;
      const startedAt = new Date().toISOString();
      const made = { recording, sha256, durationMs, bytes: bytes.length, startedAt };
      await says('manyi.recording.made.v1', { clerk: 'C0017', ...made, ...data });
      await sendClip(hub, enrolled, clip);
    },
    reports: async (health) => void (await publish('status', JSON.stringify({ ...online, health }), true)),
    async hears(command) {
      await client.subscribeAsync(terminalTopic(site, terminal, 'commands'), { qos: 1 });
      await new Promise<void>((resolve) => {
        client.on('message', (_topic, payload) => {
          if ((JSON.parse(String(payload)) as { name: string }).name === command) resolve();
        });
      });
    },
    sends: async (payload) => void (await publish('events', payload)),
    async dies() {
      client.stream.destroy();
      await client.endAsync(true);
    },
  };
}
