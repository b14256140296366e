import { randomUUID } from 'node:crypto';
import type { Rating, ScoreRow, Scores, Service } from '@manyi/config/api';
import { afterEach, expect, test } from 'vitest';
import { type Hall, type Happening, openHall } from './hall.ts';

const now = Date.parse('2026-11-22T17:30:00+08:00');
const note = 'The same child pressed five times.';
let hall: Hall;

afterEach(() => hall.close());

/** Three ratings of one clerk, the last of them bad; gives its service. The bad one lies in the hour that is not over. */
async function open(): Promise<string> {
  hall = await openHall([{ id: 'main-hall' }, { id: 'other-hall' }], now);
  const bad = randomUUID();
  const rating = (level: string, minutesAgo: number, service: string = randomUUID()): Happening => ({
    type: 'rating.given',
    at: now - minutesAgo * 60_000,
    data: { service, clerk: 'C1', level, invitedBy: 'clerk' },
  });
  await hall.tell([rating('very-satisfied', 200), rating('satisfied', 100), rating('dissatisfied', 10, bad)]);
  return bad;
}

async function row(query: string): Promise<ScoreRow | undefined> {
  return (await hall.json<Scores>(`/scores?${query}`)).items[0];
}

const partOfTheHour = `from=${encodeURIComponent('2026-11-22T17:05:00+08:00')}&to=${encodeURIComponent('2026-11-22T17:25:00+08:00')}`;

test('a rating set aside for misuse leaves every score, at once, and comes back when it is restored', async () => {
  const bad = await open();
  const before = hall.folded();
  expect(await row('by=clerk')).toMatchObject({ rated: 3, services: 3, dissatisfactionRate: 1 / 3 });

  const answer = await hall.post(`/services/${bad}/set-aside`, { why: 'misuse', note });
  expect(answer.status).toBe(200);
  expect((await answer.json()) as Service).toMatchObject({ setAside: true, level: 'dissatisfied' });
  for (const by of ['clerk', 'site', 'counter', 'day']) {
    expect(await row(`by=${by}`)).toMatchObject({ rated: 2, services: 2, dissatisfactionRate: 0 });
  }
  expect((await hall.json<Scores>(`/scores?by=site&${partOfTheHour}`)).items[0]).toMatchObject({ rated: 0 });
  const { items } = await hall.json<{ items: Rating[] }>('/ratings');
  expect(items.map(({ service, setAside }) => [service === bad, setAside])).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ]);

  expect((await hall.post(`/services/${bad}/restore`, { note: 'It was no child.' })).status).toBe(200);
  expect(hall.folded()).toEqual(before);
});

test('what is not the clerk’s fault leaves the clerk’s score and stays in the hall’s', async () => {
  const bad = await open();
  await hall.post(`/services/${bad}/set-aside`, { why: 'not-the-clerk', note: 'The queue machine was broken.' });
  expect(await row('by=clerk')).toMatchObject({ key: 'C1', rated: 2, dissatisfactionRate: 0 });
  expect(await row('by=clerk&clerk=C1')).toMatchObject({ rated: 2 });
  expect((await hall.json<Scores>(`/scores?by=clerk&clerk=C1&${partOfTheHour}`)).items).toEqual([]);
  expect(await row('by=site')).toMatchObject({ rated: 3, dissatisfactionRate: 1 / 3 });
  expect(await row(`by=site&${partOfTheHour}`)).toMatchObject({ rated: 1 });
});

test('every decision stands in the evidence with its reason and who made it, and the ledger gives the same scores anew', async () => {
  const bad = await open();
  await hall.post(`/services/${bad}/set-aside`, { why: 'mistaken-press', note });
  await hall.post(`/services/${bad}/restore`, { note: 'The customer says it was none.' });
  await hall.post(`/services/${bad}/set-aside`, { why: 'not-the-clerk', note: 'The lights were out.' });
  const { entries } = await hall.json<Service>(`/services/${bad}`);
  expect(entries.slice(1)).toMatchObject([
    { type: 'manyi.rating.set-aside.v1', data: { by: 'admin', why: 'mistaken-press', note } },
    { type: 'manyi.rating.restored.v1', data: { by: 'admin', note: 'The customer says it was none.' } },
    { type: 'manyi.rating.set-aside.v1', data: { by: 'admin', why: 'not-the-clerk' } },
  ]);
  const before = hall.folded();
  hall.rebuild();
  expect(hall.folded()).toEqual(before);
});

test('a decision needs a rating, a reason and a right to see it, and is made once', async () => {
  const bad = await open();
  const unrated = randomUUID();
  await hall.tell([{ type: 'service.started', at: now - 1000, data: { service: unrated, clerk: 'C1' } }]);
  hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['other-hall'] });
  hall.users.set('sam', { username: 'sam', name: 'Sam', role: 'supervisor', sites: ['main-hall'] });
  const decide = async (service: string, body: unknown, token?: string) =>
    (await hall.post(`/services/${service}/set-aside`, body, token)).status;

  expect(await decide(bad, { why: 'misuse' })).toBe(400);
  expect(await decide(bad, { why: 'because', note })).toBe(400);
  expect(await decide(bad, { why: 'misuse', note }, 'eve')).toBe(404);
  expect(await decide(bad, { why: 'misuse', note }, 'nobody')).toBe(401);
  expect(await decide(unrated, { why: 'misuse', note })).toBe(409);
  expect((await hall.post(`/services/${bad}/restore`, { note })).status).toBe(409);
  expect(await decide(bad, { why: 'misuse', note }, 'sam')).toBe(200);
  expect(await decide(bad, { why: 'misuse', note })).toBe(409);
});
