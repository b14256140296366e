import { randomUUID } from 'node:crypto';
import type { Completeness, Quarantined } from '@manyi/config/api';
import { terminalTopic } from '@manyi/config/topics';
import { expect, onTestFinished } from 'vitest';
import { type EventFields, rating, type TestEvent } from '../support/events.ts';
import { enrol, type Hall, site } from '../support/hall.ts';
import { type Listener, listen, publish } from '../support/mosquitto.ts';
import type { Credential } from '../support/sender.ts';

/** A terminal that speaks through mosquitto: enrolled, and listening for its receipts. */
export interface Outsider {
  readonly credential: Credential;
  readonly outbox: string;
  readonly listener: Listener;
  /** Publishes on `events`, each event by a connection of its own. */
  send(...events: (TestEvent | string | Buffer)[]): Promise<void>;
  /** Waits for a receipt that says so much. */
  receipted(through: number): Promise<void>;
  rating(seq: number, data?: EventFields): TestEvent;
}

let last = 0;

/** The number of a terminal and counter that no test of this file has used. */
export function freshNumber(): number {
  last += 1;
  return last;
}

/** Enrols a terminal that no test of this file has used. It goes with the running test. */
export async function outsider(hall: Hall): Promise<Outsider> {
  const credential = await enrol(hall, freshNumber());
  const topic = (channel: 'events' | 'receipts') => terminalTopic(site, credential.terminal, channel);
  const listener = await listen(credential, topic('receipts'));
  onTestFinished(() => listener.close());
  const outbox = randomUUID();
  return {
    credential,
    outbox,
    listener,
    async send(...events) {
      for (const one of events) {
        const payload = typeof one === 'string' || Buffer.isBuffer(one) ? one : JSON.stringify(one);
        expect(await publish(credential, topic('events'), payload)).toMatchObject({ code: 0 });
      }
    },
    async receipted(through) {
      await listener.hears(({ message }) => isReceipt(message, outbox, through));
    },
    rating: (seq, data = {}) => rating(outbox, seq, data),
  };
}

export function isReceipt(message: unknown, outbox: string, through: number): boolean {
  const receipt = message as { outbox: string; through: number };
  return receipt.outbox === outbox && receipt.through === through;
}

/** What a hub holds in quarantine of a terminal, newest first. */
export async function quarantineOf({ hub }: Hall, { terminal }: Credential): Promise<Quarantined[]> {
  return (await hub.api().get<{ items: Quarantined[] }>(`/quarantine?terminal=${terminal}`)).items;
}

export function completenessOf({ hub }: Hall, { terminal }: Credential): Promise<Completeness> {
  return hub.api().get<Completeness>(`/terminals/${terminal}/completeness`);
}
