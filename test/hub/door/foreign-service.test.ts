import { randomUUID } from 'node:crypto';
import type { Completeness, Enrolled, Quarantined, Rating, Scores, Service } from '@manyi/config/api';
import { expect, test } from 'vitest';
import { type Api, eventually } from '../../support/api.ts';
import { event, rating } from '../../support/events.ts';
import { type Door, makeSite, openDoor } from './door.ts';
import { connect, enrol, online } from './enrolled.ts';

/* A service is its terminal's. Another terminal that has come to know its id can neither rate it nor end it nor say anything of it. */

async function twoHalls() {
  const door = await openDoor();
  const api = await door.admin();
  const victim = await terminalOf(door, api, 'north-hall');
  const other = await terminalOf(door, api, 'south-hall');
  return { door, api, victim, other };
}

async function terminalOf(door: Door, api: Api, site: string) {
  await makeSite(api, site);
  const place = { site, counter: 'counter-1', terminal: `terminal-of-${site}` };
  const { code } = await api.post<{ code: string }>('/enrolments', place);
  return speak(await enrol(door, code));
}

async function speak(given: Enrolled) {
  const line = await connect(given);
  const receipts = `manyi/v1/${given.site}/${given.terminal}/receipts`;
  await line.client.subscribeAsync(receipts, { qos: 1 });
  const outbox = randomUUID();
  return {
    ...given,
    outbox,
    /** Says that it holds nothing below `first`; gives the receipt. */
    async tell(first: number) {
      await line.publish('status', online(randomUUID(), outbox, first, first));
      return line.next(receipts);
    },
    /** Sends them, and gives the receipt that follows the last. */
    async send(...events: object[]) {
      let receipt: unknown;
      for (const one of events) {
        await line.publish('events', one);
        receipt = await line.next(receipts);
      }
      return receipt;
    },
  };
}

const quarantineOf = async (api: Api, terminal: string) =>
  (await api.get<{ items: Quarantined[] }>(`/quarantine?terminal=${terminal}`)).items;

test('a rating, an end, a reason and a recording of another terminal’s service are put aside, and its own count', async () => {
  const { api, victim, other } = await twoHalls();
  const service = randomUUID();
  const of = { service, clerk: 'C0017', counter: 'counter-1' };
  await victim.send(event('manyi.service.started.v1', victim.outbox, 1, of));
  const clip = {
    recording: randomUUID(),
    startedAt: new Date().toISOString(),
    durationMs: 1000,
    bytes: 10,
    sha256: 'a'.repeat(64),
  };
  const told = await other.send(
    rating(other.outbox, 1, { service, level: 'dissatisfied' }),
    event('manyi.service.ended.v1', other.outbox, 2, { ...of, outcome: 'declined' }),
    event('manyi.reason.given.v1', other.outbox, 3, { ...of, reason: 'attitude' }),
    event('manyi.recording.made.v1', other.outbox, 4, { ...of, ...clip }),
    event('manyi.press.ignored.v1', other.outbox, 5, { ...of, why: 'repeat', presses: { satisfied: 3 } }),
    rating(other.outbox, 6),
  );
  expect(told).toEqual({ outbox: other.outbox, through: 6 });
  const aside = await quarantineOf(api, other.terminal);
  expect(aside.map(({ reason }) => reason)).toEqual(Array(5).fill('foreign-service'));
  expect(aside[0]?.detail).toContain(service);
  expect(JSON.stringify(aside)).not.toContain('north-hall');
  expect(await api.get<Completeness>(`/terminals/${other.terminal}/completeness`)).toEqual({
    expected: 6,
    received: 1,
    quarantined: 5,
    missing: 0,
  });

  await victim.send(
    rating(victim.outbox, 2, { service, level: 'satisfied' }),
    event('manyi.service.ended.v1', victim.outbox, 3, { ...of, outcome: 'rated' }),
  );
  const shown = await api.get<Service>(`/services/${service}`);
  expect(shown).toMatchObject({
    site: 'north-hall',
    terminal: victim.terminal,
    clerk: 'C0017',
    level: 'satisfied',
    outcome: 'rated',
  });
  expect(shown.entries).toHaveLength(3);
  const { items } = await api.get<{ items: Rating[] }>('/ratings?site=south-hall');
  expect(items).toHaveLength(1);
  const scores = await api.get<Scores>('/scores?by=site');
  expect(scores.items.map(({ key, rated }) => [key, rated]).sort()).toEqual([
    ['north-hall', 1],
    ['south-hall', 1],
  ]);
});

test('a duty is its terminal’s too', async () => {
  const { api, victim, other } = await twoHalls();
  const duty = { duty: randomUUID(), clerk: 'C0017', counter: 'counter-1' };
  await victim.send(event('manyi.duty.started.v1', victim.outbox, 1, duty));
  const ended = event('manyi.duty.ended.v1', other.outbox, 1, { ...duty, endedBy: 'badge' });
  expect(await other.send(ended, ended)).toEqual({ outbox: other.outbox, through: 1 });
  expect(await quarantineOf(api, other.terminal)).toMatchObject([{ reason: 'foreign-duty' }]);
  const floor = await api.get<{ counters: { duty: unknown }[] }>('/floor?site=north-hall');
  expect(JSON.stringify(floor)).toContain('C0017');
});

test('what is another’s is put aside also under a number that was given up as missing', async () => {
  const { api, victim, other } = await twoHalls();
  const sent = rating(victim.outbox, 1);
  await victim.send(sent);
  await other.tell(3);
  const again = { ...sent, data: { ...sent.data, outbox: other.outbox, seq: 2 } };
  expect(await other.send(rating(other.outbox, 1, { service: sent.data['service'] }), again)).toMatchObject({
    through: 2,
  });
  expect(await quarantineOf(api, other.terminal)).toMatchObject([{ reason: 'foreign-service' }]);
  expect(await api.get<Completeness>(`/terminals/${other.terminal}/completeness`)).toEqual({
    expected: 2,
    received: 1,
    quarantined: 1,
    missing: 0,
  });
});

test('what is another’s stays aside at every start of the hub', async () => {
  const { door, victim, other } = await twoHalls();
  const service = randomUUID();
  await victim.send(rating(victim.outbox, 1, { service }));
  await other.send(rating(other.outbox, 1, { service }));
  const restarted = await door.again();
  const api = await restarted.admin();
  expect(await quarantineOf(api, other.terminal)).toHaveLength(1);
  expect((await api.get<Service>(`/services/${service}`)).entries).toHaveLength(1);
});

test('a device that has become another terminal may tell that a clip of the earlier one is lost', async () => {
  const { api, victim, other } = await twoHalls();
  const of = { service: randomUUID(), clerk: null, counter: 'counter-1' };
  const clip = { recording: randomUUID(), startedAt: new Date().toISOString(), durationMs: 1000 };
  const made = { ...of, ...clip, bytes: 10, sha256: 'a'.repeat(64) };
  await victim.send(
    event('manyi.service.started.v1', victim.outbox, 1, of),
    event('manyi.recording.made.v1', victim.outbox, 2, made),
  );
  await other.send(event('manyi.recording.lost.v1', other.outbox, 1, { ...of, ...clip, why: 'moved' }));
  expect(await quarantineOf(api, other.terminal)).toEqual([]);
  await eventually(
    () => api.get<{ items: { state: string }[] }>('/recordings?state=lost'),
    ({ items }) => items.length === 1,
  );
});

test('a device that has become another terminal and brings again what the hub has is not told off', async () => {
  const { api, victim, other } = await twoHalls();
  const sent = rating(victim.outbox, 1);
  await victim.send(sent);
  const again = { ...sent, data: { ...sent.data, outbox: other.outbox } };
  expect(await other.send(again, again)).toEqual({ outbox: other.outbox, through: 1 });
  expect(await quarantineOf(api, other.terminal)).toEqual([]);
  expect((await api.get<Service>(`/services/${sent.data['service']}`)).entries).toHaveLength(1);
});
