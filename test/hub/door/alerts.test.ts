import { randomUUID } from 'node:crypto';
import type { Alert } from '@manyi/config/api';
import { expect, test } from 'vitest';
import { type Api, eventually } from '../../support/api.ts';
import { event, rating } from '../../support/events.ts';
import { makeSite, makeSupervisor, openDoor } from './door.ts';
import { connect, enrol, makeCode, online } from './enrolled.ts';

type Alerts = { items: Alert[]; next: string | null };

function alerts(api: Api, query = ''): Promise<Alerts> {
  return api.get<Alerts>(`/alerts${query}`);
}

async function alerted() {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  const line = await connect(await enrol(door, await makeCode(api)));
  const outbox = randomUUID();
  await line.publish('events', rating(outbox, 1));
  await line.publish('events', rating(outbox, 1));
  await eventually(
    () => alerts(api),
    ({ items }) => items.length === 1,
  );
  await line.publish('status', online(randomUUID(), outbox, 3, 4));
  await eventually(
    () => alerts(api),
    ({ items }) => items.length === 2,
  );
  const bytes = Buffer.from('lost').toString('base64');
  await line.publish('events', event('manyi.outbox.voided.v1', outbox, 3, { why: 'unreadable', bytes }));
  const changed = (state: string) => ({ part: 'panel', state, detail: 'no answer' });
  await line.publish('events', event('manyi.terminal.changed.v1', outbox, 4, changed('failed')));
  await line.publish('events', event('manyi.terminal.changed.v1', outbox, 5, changed('restored')));
  await eventually(
    () => alerts(api),
    ({ items }) => items.length === 4,
  );
  return { door, api, outbox };
}

test('what somebody should look at is listed, newest first, with where it happened', async () => {
  const { api, outbox } = await alerted();
  const { items, next } = await alerts(api);
  const place = { site: 'main-hall', terminal: 'terminal-1', counter: 'counter-1' };
  expect(next).toBeNull();
  expect(items.map(({ kind }) => kind)).toEqual(['part-failed', 'event-voided', 'numbers-missing', 'number-reused']);
  expect(items[0]).toMatchObject({ ...place, data: { part: 'panel', detail: 'no answer' } });
  expect(items[1]).toMatchObject({ ...place, data: { seq: 3, why: 'unreadable' } });
  expect(items[2]).toMatchObject({ site: 'main-hall', terminal: 'terminal-1', data: { outbox, first: 2, last: 2 } });
  expect(items[3]).toMatchObject({ site: 'main-hall', terminal: 'terminal-1', data: { outbox, seq: 1, count: 1 } });
  expect(items[0]?.time).toMatch(/\+08:00$/);
});

test('alerts come in pages, and for the sites that somebody may see', async () => {
  const { door, api } = await alerted();
  const first = await alerts(api, '?site=main-hall&limit=3');
  const second = await alerts(api, `?site=main-hall&limit=3&cursor=${first.next}`);
  expect([...first.items, ...second.items]).toEqual((await alerts(api)).items);
  expect(second.next).toBeNull();
  expect((await alerts(api, '?terminal=terminal-2')).items).toEqual([]);
  expect((await door.ask('GET', '/alerts?cursor=x', { token: api.token })).status).toBe(400);

  await makeSite(api, 'other-hall');
  const token = await makeSupervisor(door, api, ['other-hall']);
  expect((await door.ask('GET', '/alerts', { token })).body).toEqual({ items: [], next: null });
  expect((await door.ask('GET', '/alerts?site=main-hall', { token })).status).toBe(404);
});
