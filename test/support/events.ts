import { randomUUID } from 'node:crypto';
import { v7 as newId } from 'uuid';

/** What a test wants to say in an event's data; the rest is filled in. */
export type EventFields = Readonly<Record<string, unknown>>;

export interface TestEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly data: { readonly seq: number; readonly outbox: string } & EventFields;
  readonly [field: string]: unknown;
}

/** An event as Contract v1 writes it, under a number of an outbox. */
export function event(type: string, outbox: string, seq: number, data: EventFields = {}, time = new Date()): TestEvent {
  return {
    specversion: '1.0',
    id: newId(),
    source: '/sites/main-hall/terminals/terminal-1',
    type,
    time: time.toISOString(),
    datacontenttype: 'application/json',
    sequence: String(seq).padStart(16, '0'),
    data: { outbox, seq, clock: { boot: randomUUID(), uptimeMs: 1000 + seq, synced: true }, ...data },
  };
}

/** A rating of a service of its own. */
export function rating(outbox: string, seq: number, data: EventFields = {}, time = new Date()): TestEvent {
  const service = newId();
  return event(
    'manyi.rating.given.v1',
    outbox,
    seq,
    { service, clerk: 'C0017', level: 'very-satisfied', invitedBy: 'clerk', pressedAfterMs: 2310, ...data },
    time,
  );
}
