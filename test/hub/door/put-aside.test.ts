import { randomUUID } from 'node:crypto';
import type { Completeness, Quarantined, Service } from '@manyi/config/api';
import { expect, test } from 'vitest';
import { event, rating, type TestEvent } from '../../support/events.ts';
import { makeSite, openDoor } from './door.ts';
import { connect, enrol, makeCode, online } from './enrolled.ts';

/* What cannot be taken under a number is in the figures of its terminal, whatever the number has seen before. */

async function open() {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  const line = await connect(await enrol(door, await makeCode(api)));
  const topic = 'manyi/v1/main-hall/terminal-1/receipts';
  await line.client.subscribeAsync(topic, { qos: 1 });
  const outbox = randomUUID();
  return {
    api,
    outbox,
    /** Sends one after the other; each is in before the next. */
    async send(...events: object[]) {
      for (const one of events) {
        await line.publish('events', one);
        await line.next(topic);
      }
    },
    async tell(first: number, next: number) {
      await line.publish('status', online(randomUUID(), outbox, first, next));
      await line.next(topic);
    },
    figures: () => api.get<Completeness>('/terminals/terminal-1/completeness'),
    /** The reasons in quarantine, oldest first. */
    async reasons() {
      const { items } = await api.get<{ items: Quarantined[] }>('/quarantine');
      return items.map(({ reason }) => reason).reverse();
    },
    async alerts() {
      const { items } = await api.get<{ items: { kind: string }[] }>('/alerts');
      return items.map(({ kind }) => kind);
    },
  };
}

/** An event that nobody understands: its number can be read. */
const broken = (outbox: string, seq: number, more: object = {}) => ({
  ...rating(outbox, seq, { level: null }),
  ...more,
});
const idOf = (one: object) => (one as TestEvent).id;

test('another, malformed event under a number of the ledger is a number used twice', async () => {
  const { outbox, send, figures, reasons, alerts } = await open();
  const other = broken(outbox, 1);
  await send(rating(outbox, 1), other, other);
  expect(await figures()).toEqual({ expected: 1, received: 1, quarantined: 1, missing: 0 });
  expect(await reasons()).toEqual(['number-reused']);
  expect(await alerts()).toEqual(['number-reused']);
});

test('the same event again is dropped, also where it comes malformed', async () => {
  const { outbox, send, figures, reasons } = await open();
  const taken = rating(outbox, 1);
  await send(taken, { ...taken, specversion: '2.0' });
  expect(await figures()).toEqual({ expected: 1, received: 1, quarantined: 0, missing: 0 });
  expect(await reasons()).toEqual([]);
});

test('malformed events without an id are told apart by their bytes', async () => {
  const { outbox, send, figures, reasons } = await open();
  const [one, two] = [broken(outbox, 1, { id: 7 }), broken(outbox, 1, { id: 8 })];
  await send(rating(outbox, 1), one, one, two, two);
  expect(await figures()).toEqual({ expected: 1, received: 1, quarantined: 2, missing: 0 });
  expect(await reasons()).toEqual(['number-reused', 'number-reused']);
});

test('of two malformed events under one number the second is a number used twice', async () => {
  const { outbox, send, figures, reasons } = await open();
  const [one, two] = [broken(outbox, 1), broken(outbox, 1)];
  await send(one, two, one, two);
  expect(await figures()).toEqual({ expected: 1, received: 0, quarantined: 2, missing: 0 });
  expect(await reasons()).toEqual(['not-an-event', 'number-reused']);
});

test('a number used twice stays so, however often the second event comes', async () => {
  const { api, outbox, send, figures, reasons } = await open();
  const second = rating(outbox, 1);
  await send(broken(outbox, 1), second, second, second);
  expect(await figures()).toEqual({ expected: 1, received: 0, quarantined: 2, missing: 0 });
  expect(await reasons()).toEqual(['not-an-event', 'number-reused']);
  expect((await api.get<{ items: [] }>('/ratings')).items).toEqual([]);
});

test('what could not be read at all gives its number to the event that can, and stays counted', async () => {
  const { outbox, send, figures, reasons } = await open();
  await send(broken(outbox, 1, { id: 7 }), rating(outbox, 1));
  expect(await figures()).toEqual({ expected: 1, received: 1, quarantined: 1, missing: 0 });
  expect(await reasons()).toEqual(['number-reused']);
});

test('a number that was given up as missing and comes malformed is in quarantine, and not missing', async () => {
  const { outbox, send, tell, figures, reasons } = await open();
  await tell(3, 3);
  expect(await figures()).toEqual({ expected: 2, received: 0, quarantined: 0, missing: 2 });
  await send(broken(outbox, 2));
  expect(await figures()).toEqual({ expected: 2, received: 0, quarantined: 1, missing: 1 });
  expect(await reasons()).toEqual(['not-an-event']);
});

test('a void of a number that was given up as missing brings its bytes', async () => {
  const { api, outbox, send, tell, figures } = await open();
  await tell(2, 2);
  const bytes = Buffer.from('what was thanked for').toString('base64');
  await send(event('manyi.outbox.voided.v1', outbox, 1, { why: 'unreceipted', bytes }));
  expect(await figures()).toEqual({ expected: 1, received: 1, quarantined: 0, missing: 0 });
  const { items } = await api.get<{ items: { kind: string }[] }>('/alerts');
  expect(items.map(({ kind }) => kind)).toContain('event-voided');
});

test('what came under another number meanwhile is in the ledger once, also where its first number was given up as missing', async () => {
  const { api, outbox, send, tell, figures } = await open();
  await tell(2, 2);
  const sent = rating(outbox, 1);
  await send({ ...sent, data: { ...sent.data, outbox: randomUUID() } }, sent);
  expect(await figures()).toEqual({ expected: 2, received: 2, quarantined: 0, missing: 0 });
  const { entries } = await api.get<Service>(`/services/${sent.data['service']}`);
  expect(entries).toHaveLength(1);
});

test('another event under a number that a renumbered one has taken is a number used twice', async () => {
  const { outbox, send, figures, reasons } = await open();
  const sent = rating(randomUUID(), 1);
  const again = { ...sent, data: { ...sent.data, outbox, seq: 1 } };
  await send(sent, again, again, rating(outbox, 1));
  expect(await figures()).toEqual({ expected: 2, received: 2, quarantined: 1, missing: 0 });
  expect(await reasons()).toEqual(['number-reused']);
  expect(idOf(again)).toBe(sent.id);
});
