import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Completeness, Quarantined, Scores, Service } from '@manyi/config/api';
import { terminalTopic } from '@manyi/config/topics';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { type EventFields, event, rating, type TestEvent } from '../support/events.ts';
import { clerk, enrol, type Hall, openSharedHall, site } from '../support/hall.ts';
import { type Watcher, watch } from '../support/live.ts';
import { type Listener, listen, publish, startListening } from '../support/mosquitto.ts';
import { allRatings } from '../support/records.ts';
import type { Credential } from '../support/sender.ts';

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

/** A terminal that speaks through mosquitto: enrolled, and listening for its receipts. */
interface Outsider {
  readonly credential: Credential;
  readonly outbox: string;
  readonly listener: Listener;
  /** Publishes on `events`, each event by a connection of its own. */
  send(...events: (TestEvent | string | Buffer)[]): Promise<void>;
  /** Waits for a receipt that says so much. */
  receipted(through: number): Promise<void>;
  rating(seq: number, data?: EventFields): TestEvent;
}

let terminals = 0;

async function outsider(): Promise<Outsider> {
  terminals += 1;
  const credential = await enrol(hall, terminals);
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

function isReceipt(message: unknown, outbox: string, through: number): boolean {
  const receipt = message as { outbox: string; through: number };
  return receipt.outbox === outbox && receipt.through === through;
}

const service = (one: TestEvent) => String(one.data['service']);

async function quarantineOf(terminal: string): Promise<Quarantined[]> {
  return (await hall.hub.api().get<{ items: Quarantined[] }>(`/quarantine?terminal=${terminal}`)).items;
}

const completenessOf = (terminal: string) => hall.hub.api().get<Completeness>(`/terminals/${terminal}/completeness`);

test('a rating is receipted, and every view shows it', async () => {
  const { credential, receipted, rating, send } = await outsider();
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
  expect(await completenessOf(credential.terminal)).toEqual({ expected: 1, received: 1, quarantined: 0, missing: 0 });
});

test('a rating with no more than the contract requires is taken', async () => {
  const { credential, outbox, send, receipted } = await outsider();
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
    counter: `counter-${terminals}`,
    clerk: null,
    level: 'satisfied',
  });
});

test('1, 2, 4 and then 3: what lies beyond a gap is stored at once, the receipt follows when it closes', async () => {
  const { credential, send, receipted, rating } = await outsider();
  const [first, second, third, fourth] = [1, 2, 3, 4].map((seq) => rating(seq)) as [
    TestEvent,
    TestEvent,
    TestEvent,
    TestEvent,
  ];
  await send(first, second, fourth);
  await live.sees((entry) => entry.service === service(fourth));
  await receipted(2);
  expect((await completenessOf(credential.terminal)).received).toBe(3);
  await send(third);
  await receipted(4);
  expect(await completenessOf(credential.terminal)).toEqual({ expected: 4, received: 4, quarantined: 0, missing: 0 });
});

test('the same again is receipted again, and counts once', async () => {
  const { credential, listener, outbox, send, receipted, rating } = await outsider();
  const given = rating(1);
  await send(given);
  await receipted(1);
  const before = listener.heard.length;
  await send(given, given);
  await listener.hears((one) => listener.heard.indexOf(one) > before && isReceipt(one.message, outbox, 1));
  expect((await allRatings(hall.hub.api())).filter((one) => one.service === service(given))).toHaveLength(1);
  expect(await quarantineOf(credential.terminal)).toEqual([]);
});

test('another id under a used number is quarantined and told of', async () => {
  const { credential, outbox, send, receipted, rating } = await outsider();
  const given = rating(1, { level: 'satisfied' });
  const other = rating(1, { level: 'dissatisfied' });
  await send(given, other);
  await receipted(1);
  const alert = await live.sees(({ type, data }) => type === 'manyi.number.reused.v1' && data['outbox'] === outbox);
  expect(alert).toMatchObject({ terminal: credential.terminal, data: { seq: 1, count: 1 } });
  expect(await quarantineOf(credential.terminal)).toMatchObject([{ reason: 'number-reused' }]);
  const ratings = await allRatings(hall.hub.api());
  expect(ratings.filter((one) => one.service === service(given))).toHaveLength(1);
  expect(ratings.filter((one) => one.service === service(other))).toHaveLength(0);
});

test('what cannot be used is quarantined with its reason and its bytes, and the rest goes on', async () => {
  const { credential, outbox, send, receipted, rating } = await outsider();
  const text = (one: object) => JSON.stringify(one);
  await send(
    'not JSON at all',
    text({ ...rating(1), specversion: '2.0' }),
    text(event('manyi.weather.changed.v1', outbox, 2)),
    text(event('manyi.rating.given.v2', outbox, 3, { service: randomUUID(), clerk: null, level: 'satisfied' })),
    text(rating(4, { level: 'splendid' })),
    text(rating(5, { service: 'not-a-uuid' })),
    text(rating(6, { business: 'x'.repeat(70_000) })),
    rating(7),
  );
  await receipted(7);
  const kept = await quarantineOf(credential.terminal);
  expect(kept.map(({ reason }) => reason).reverse()).toEqual([
    'not-json',
    'not-an-event',
    'unknown-type',
    'unknown-version',
    'unknown-level',
    'not-an-event',
    'too-large',
  ]);
  expect(kept.at(-1)?.text).toBe('not JSON at all');
  expect(await completenessOf(credential.terminal)).toEqual({ expected: 7, received: 1, quarantined: 7, missing: 0 });
});

test('numbers that a status has left behind are recorded as missing, told of and passed', async () => {
  const { credential, outbox, send, receipted, rating } = await outsider();
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
  expect(await completenessOf(credential.terminal)).toEqual({ expected: 5, received: 3, quarantined: 0, missing: 2 });
});

test('a foreign topic closes the connection and is counted', async () => {
  const { credential } = await outsider();
  const before = await refusals('foreign-topic');
  const foreign = terminalTopic(site, 'terminal-999', 'events');
  expect((await publish(credential, foreign, JSON.stringify(rating(randomUUID(), 1)))).code).not.toBe(0);
  await eventually(
    () => refusals('foreign-topic'),
    (now) => now > before,
  );
  const counted = await refusals('foreign-subscription');
  const curious = startListening(credential, 'manyi/v1/#');
  onTestFinished(() => curious.close());
  await eventually(
    () => refusals('foreign-subscription'),
    (now) => now > counted,
  );
  expect(curious.heard).toEqual([]);
});

test('a message of 100 MiB closes its connection; memory stays flat, and others are served meanwhile', async () => {
  const [large, other] = [await outsider(), await outsider()];
  const before = residentBytes();
  const refused = await refusals('packet-too-large');
  const huge = Buffer.alloc(100 * 1024 * 1024, 'x');
  const topic = terminalTopic(site, large.credential.terminal, 'events');
  const publishing = publish(large.credential, topic, huge);
  await other.send(other.rating(1));
  await other.receipted(1);
  expect((await publishing).code).not.toBe(0);
  await eventually(
    () => refusals('packet-too-large'),
    (now) => now > refused,
  );
  expect(peakResidentBytes() - before).toBeLessThan(40 * 1024 * 1024);
  expect(await completenessOf(large.credential.terminal)).toMatchObject({ expected: 0 });
});

test('a wrong name and a wrong password are refused alike', async () => {
  const { credential } = await outsider();
  const topic = terminalTopic(site, credential.terminal, 'events');
  const wrong = [
    { ...credential, password: 'wrong' },
    { ...credential, username: 'terminal-999' },
  ];
  const answers = await Promise.all(wrong.map((one) => publish(one, topic, '{}')));
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.code).toBe(5);
});

test('settings and roster wait for a terminal; a command reaches it', async () => {
  const { credential } = await outsider();
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

test('a code works once; the same nonce gets the same answer, another none', async () => {
  const { post } = hall.hub.api();
  terminals += 1;
  const place = { site, counter: `counter-${terminals}`, terminal: `terminal-${terminals}` };
  const { code } = await post<{ code: string }>('/enrolments', place);
  const nonce = randomUUID();
  const answer = await post('/enrol', { code, nonce });
  expect(answer).toMatchObject({ ...place, username: place.terminal });
  expect(await post('/enrol', { code, nonce })).toEqual(answer);
  const used = await refusalOf(post('/enrol', { code, nonce: randomUUID() }));
  const unknown = await refusalOf(post('/enrol', { code: '22222-22222', nonce: randomUUID() }));
  expect(used).toMatch(/answered 403/);
  expect(unknown).toBe(used);
});

async function refusalOf(asked: Promise<unknown>): Promise<string> {
  return await asked.then(
    () => 'it was allowed',
    (error: unknown) => String(error),
  );
}

async function refusals(why: string): Promise<number> {
  const response = await fetch(`${hall.hub.url}/metrics`, {
    headers: { authorization: `Bearer ${hall.hub.api().token}` },
  });
  return Number(new RegExp(`^manyi_refusals\\{why="${why}"\\} (\\d+)`, 'm').exec(await response.text())?.[1] ?? 0);
}

const residentBytes = () => memory('VmRSS');
/** The most that the process has ever held. */
const peakResidentBytes = () => memory('VmHWM');

function memory(name: string): number {
  const status = readFileSync(`/proc/${hall.hub.program().pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
}
