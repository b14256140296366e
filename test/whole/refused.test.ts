import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { terminalTopic } from '@manyi/config/topics';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { event, rating } from '../support/events.ts';
import { enrol, type Hall, openSharedHall, site } from '../support/hall.ts';
import { publish, startListening } from '../support/mosquitto.ts';
import { startSender } from '../support/sender.ts';
import { completenessOf, freshNumber, outsider, quarantineOf } from './outsider.ts';

/* What must not come in, from outside: a compiled hub, and mosquitto_pub in wrong hands. */

let hall: Hall;
beforeAll(async () => {
  hall = await openSharedHall({ counters: 12 });
});
afterAll(() => hall.close());

test('what cannot be used is quarantined with its reason and its bytes, and the rest goes on', async () => {
  const { credential, outbox, send, receipted, rating } = await outsider(hall);
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
  const kept = await quarantineOf(hall, credential);
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
  expect(await completenessOf(hall, credential)).toEqual({ expected: 7, received: 1, quarantined: 7, missing: 0 });
});

test('rubbish and foreign topics from one terminal, again and again, cost another nothing', async () => {
  const { credential } = await outsider(hall);
  const other = await enrol(hall, freshNumber());
  const sender = startSender(other);
  const own = terminalTopic(site, credential.terminal, 'events');
  const foreign = terminalTopic(site, other.terminal, 'events');
  const version = JSON.stringify(event('manyi.rating.given.v9', randomUUID(), 1, { level: 'satisfied' }));
  for (let round = 0; round < 4; round++) {
    const before = sender.receipted();
    const answers = await Promise.all([
      publish(credential, own, 'not JSON at all'),
      publish(credential, own, Buffer.from([0xff, 0xfe, 0x00])),
      publish(credential, own, version),
      publish(credential, foreign, JSON.stringify(rating(randomUUID(), 1))),
    ]);
    expect(answers.map(({ code }) => code === 0)).toEqual([true, true, true, false]);
    await eventually(
      async () => sender.receipted(),
      (now) => now > before,
    );
  }
  const { length } = await sender.finish();
  expect(await completenessOf(hall, other)).toEqual({ expected: length, received: length, quarantined: 0, missing: 0 });
  expect(new Set((await quarantineOf(hall, credential)).map(({ reason }) => reason))).toEqual(
    new Set(['not-json', 'unknown-version']),
  );
});

test('a foreign topic closes the connection and is counted', async () => {
  const { credential } = await outsider(hall);
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
  const [large, other] = [await outsider(hall), await outsider(hall)];
  const before = forgetPeak();
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
  expect(await completenessOf(hall, large.credential)).toMatchObject({ expected: 0 });
});

test('a wrong name and a wrong password are refused alike', async () => {
  const { credential } = await outsider(hall);
  const topic = terminalTopic(site, credential.terminal, 'events');
  const wrong = [
    { ...credential, password: 'wrong' },
    { ...credential, username: 'terminal-999' },
  ];
  const answers = await Promise.all(wrong.map((one) => publish(one, topic, '{}')));
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.code).toBe(5);
});

test('whoever guesses passwords waits longer and longer, and who has the right one does not', async () => {
  const { credential, send, rating, receipted } = await outsider(hall);
  const topic = terminalTopic(site, credential.terminal, 'events');
  let refused = 0;
  const guesses = 10;
  for (let guess = 0; guess < guesses; guess++) {
    void publish({ ...credential, password: `guess-${guess}` }, topic, '{}').then(() => {
      refused += 1;
    });
  }
  await eventually(
    async () => refused,
    (now) => now > 0,
  );
  await send(rating(1));
  await receipted(1);
  expect(refused).toBeLessThan(guesses);
});

test('a code works once; the same nonce gets the same answer, another none', async () => {
  const { post } = hall.hub.api();
  const number = freshNumber();
  const place = { site, counter: `counter-${number}`, terminal: `terminal-${number}` };
  const code = await hall.newCode(number);
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

/** Lets the kernel count the process's peak anew; gives what it holds now. */
function forgetPeak(): number {
  writeFileSync(`/proc/${hall.hub.program().pid}/clear_refs`, '5');
  return memory('VmRSS');
}

/** The most that the process has held since. */
const peakResidentBytes = () => memory('VmHWM');

function memory(name: string): number {
  const status = readFileSync(`/proc/${hall.hub.program().pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
}
