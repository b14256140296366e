import { randomUUID } from 'node:crypto';
import type { Scores, Service } from '@manyi/config/api';
import { terminalTopic } from '@manyi/config/topics';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { TestEvent } from '../support/events.ts';
import { clerk, type Hall, openSharedHall, site } from '../support/hall.ts';
import { type Watcher, watch } from '../support/live.ts';
import { listen, publish } from '../support/mosquitto.ts';
import { allRatings } from '../support/records.ts';
import { completenessOf, isReceipt, outsider, quarantineOf } from './outsider.ts';

/* Contract v1 as the outside world sees it: a compiled hub, HTTP, and nothing but mosquitto_pub and mosquitto_sub. */

let hall: Hall;
let live: Watcher;
beforeAll(async () => {
  hall = await openSharedHall({ counters: 20 });
  live = await watch(hall.hub.url, hall.hub.api().token);
});
afterAll(async () => {
  live.close();
  await hall.close();
});

const service = (one: TestEvent) => String(one.data['service']);

test('a rating is receipted, and every view shows it', async () => {
  const { credential, receipted, rating, send } = await outsider(hall);
  const given = rating(1, { clerk: clerk.id, level: 'average' });
  await send(given);
  await receipted(1);

  const seen = await live.sees((entry) => entry.service === service(given));
  expect(seen).toMatchObject({ type: 'manyi.rating.given.v1', site, terminal: credential.terminal, clerk: clerk.id });
  const { get } = hall.hub.api();
  const listed = (await allRatings(hall.hub.api())).filter((one) => one.service === service(given));
  expect(listed).toMatchObject([
    { position: seen.position, site, counter: 'counter-1', clerk: clerk.id, level: 'average', unprompted: false },
  ]);
  expect(await get<Service>(`/services/${service(given)}`)).toMatchObject({
    terminal: credential.terminal,
    counter: 'counter-1',
    clerk: clerk.id,
    level: 'average',
    entries: [{ id: given.id, type: given.type, position: seen.position }],
  });
  const { items } = await get<Scores>(`/scores?by=counter&site=${site}`);
  expect(items.find((row) => row.key === 'counter-1')).toMatchObject({ counts: { average: 1 }, rated: 1, services: 1 });
  expect(await completenessOf(hall, credential)).toEqual({ expected: 1, received: 1, quarantined: 0, missing: 0 });
});

test('a rating with no more than the contract requires is taken', async () => {
  const { credential, outbox, send, receipted } = await outsider(hall);
  const id = randomUUID();
  const given = {
    specversion: '1.0',
    id: randomUUID(),
    source: `/sites/${site}/terminals/${credential.terminal}`,
    type: 'manyi.rating.given.v1',
    data: { outbox, seq: 1, service: id, clerk: null, level: 'satisfied' },
  };
  await send(JSON.stringify(given));
  await receipted(1);
  expect(await hall.hub.api().get<Service>(`/services/${id}`)).toMatchObject({
    counter: credential.counter,
    clerk: null,
    level: 'satisfied',
  });
});

test('1, 2, 4 and then 3: what lies beyond a gap is stored at once, the receipt follows when it closes', async () => {
  const { credential, send, receipted, rating } = await outsider(hall);
  const [first, second, third, fourth] = [1, 2, 3, 4].map((seq) => rating(seq)) as [
    TestEvent,
    TestEvent,
    TestEvent,
    TestEvent,
  ];
  await send(first, second, fourth);
  await live.sees((entry) => entry.service === service(fourth));
  await receipted(2);
  expect((await completenessOf(hall, credential)).received).toBe(3);
  await send(third);
  await receipted(4);
  expect(await completenessOf(hall, credential)).toEqual({ expected: 4, received: 4, quarantined: 0, missing: 0 });
});

test('the same again is receipted again, and counts once', async () => {
  const { credential, listener, outbox, send, receipted, rating } = await outsider(hall);
  const given = rating(1);
  await send(given);
  await receipted(1);
  const before = listener.heard.length;
  await send(given, given);
  await listener.hears((one) => listener.heard.indexOf(one) > before && isReceipt(one.message, outbox, 1));
  expect((await allRatings(hall.hub.api())).filter((one) => one.service === service(given))).toHaveLength(1);
  expect(await quarantineOf(hall, credential)).toEqual([]);
});

test('another id under a used number is quarantined and told of', async () => {
  const { credential, outbox, send, receipted, rating } = await outsider(hall);
  const given = rating(1, { level: 'satisfied' });
  const other = rating(1, { level: 'dissatisfied' });
  await send(given, other);
  await receipted(1);
  const alert = await live.sees(({ type, data }) => type === 'manyi.number.reused.v1' && data['outbox'] === outbox);
  expect(alert).toMatchObject({ terminal: credential.terminal, data: { seq: 1, count: 1 } });
  expect(await quarantineOf(hall, credential)).toMatchObject([{ reason: 'number-reused' }]);
  const ratings = await allRatings(hall.hub.api());
  expect(ratings.filter((one) => one.service === service(given))).toHaveLength(1);
  expect(ratings.filter((one) => one.service === service(other))).toHaveLength(0);
});

test('numbers that a status has left behind are recorded as missing, told of and passed', async () => {
  const { credential, outbox, send, receipted, rating } = await outsider(hall);
  await send(rating(1), rating(5));
  await receipted(1);
  const status = {
    state: 'online',
    connection: randomUUID(),
    outbox,
    first: 4,
    next: 6,
    agent: 'outsider',
    health: {},
  };
  await publish(credential, terminalTopic(site, credential.terminal, 'status'), JSON.stringify(status), '-r');
  await receipted(3);
  const alert = await live.sees(({ type, data }) => type === 'manyi.numbers.missing.v1' && data['outbox'] === outbox);
  expect(alert.data).toMatchObject({ first: 2, last: 3 });
  await send(rating(4));
  await receipted(5);
  expect(await completenessOf(hall, credential)).toEqual({ expected: 5, received: 3, quarantined: 0, missing: 2 });
});

test('settings and roster wait for a terminal; a command reaches it', async () => {
  const { credential } = await outsider(hall);
  const { terminal } = credential;
  const own = `manyi/v1/${site}/${terminal}/#`;
  const first = await listen(credential, own);
  onTestFinished(() => first.close());
  await first.hears(({ topic }) => topic === terminalTopic(site, terminal, 'settings'));

  const listener = await listen(credential, own, `manyi/v1/${site}/roster`);
  onTestFinished(() => listener.close());
  const settings = await listener.hears(({ topic }) => topic === terminalTopic(site, terminal, 'settings'));
  expect(settings).toMatchObject({
    retained: true,
    message: { site: { id: site, mode: 'called' }, counter: { id: credential.counter }, profile: 'four-key' },
  });
  const roster = await listener.hears(({ topic }) => topic === `manyi/v1/${site}/roster`);
  const { href } = roster.message as { href: string };
  const basic = Buffer.from(`${credential.username}:${credential.password}`).toString('base64');
  const fetched = await fetch(`${hall.hub.url}${href}`, { headers: { authorization: `Basic ${basic}` } });
  const text = await fetched.text();
  expect(JSON.parse(text)).toMatchObject({
    clerks: [{ id: clerk.id, name: clerk.name }],
    badges: [{ clerk: clerk.id }],
  });
  expect(text).not.toContain(clerk.badge);

  await hall.hub.api().post(`/terminals/${terminal}/commands`, { name: 'next', data: { ticket: 'A017' } });
  const command = await listener.hears(({ topic }) => topic === terminalTopic(site, terminal, 'commands'));
  expect(command).toMatchObject({ retained: false, message: { name: 'next', data: { ticket: 'A017' } } });
});
