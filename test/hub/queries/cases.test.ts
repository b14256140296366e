import { randomUUID } from 'node:crypto';
import type { Service } from '@manyi/config/api';
import type { Case } from '@manyi/config/cases';
import { afterEach, expect, test } from 'vitest';
import { type Hall, type Happening, openHall } from './hall.ts';
import { listen } from './listen.ts';

const now = Date.parse('2026-11-22T17:30:00+08:00');
const closing = { cause: 'The form was missing.', evidence: 'Forms lie at the door now.', answer: 'She is content.' };
let hall: Hall;

afterEach(() => hall.close());

interface Page {
  readonly items: Case[];
  readonly next: string | null;
}

const open = async () => {
  hall = await openHall([{ id: 'main-hall' }, { id: 'other-hall', profile: 'five-level' }], now);
};

function rated(level: string, service: string = randomUUID(), more: Partial<Happening> = {}): Happening {
  const data = { service, clerk: 'C1', level, ...(more.site === 'other-hall' ? { profile: 'five-level' } : {}) };
  return { type: 'rating.given', at: now - 60_000, ...more, data: { ...data, ...more.data } };
}

const list = (query = '', token?: string) => hall.json<Page>(`/cases${query}`, token);
const statusOf = async (path: string, body: unknown, token?: string) => (await hall.post(path, body, token)).status;

/** A service that was rated badly, with the case that it has. */
async function withCase(): Promise<{ service: string; path: string }> {
  const service = randomUUID();
  await hall.tell([rated('dissatisfied', service)]);
  hall.openCases();
  return { service, path: `/cases/${(await list()).items[0]?.number}` };
}

test('each bad rating opens one case, by the profile of its service; no other rating opens any', async () => {
  await open();
  const [worst, bad, four] = [randomUUID(), randomUUID().toUpperCase(), randomUUID()];
  const site = 'other-hall';
  await hall.tell([
    rated('very-satisfied'),
    rated('average'),
    rated('dissatisfied', four),
    rated('basically-satisfied', randomUUID(), { site }),
    rated('very-dissatisfied', worst, { site }),
    rated('dissatisfied', bad, { site, data: { unprompted: true } }),
    rated('dissatisfied', four),
  ]);
  expect((await list()).items).toEqual([]);
  hall.openCases();
  hall.openCases();
  const { items, next } = await list();
  expect(items.map(({ service }) => service).sort()).toEqual([worst, bad, four].sort());
  expect(items.map(({ number }) => number)).toEqual([3, 2, 1]);
  expect(next).toBeNull();
  expect(items.find(({ service }) => service === four)).toEqual({
    number: expect.any(Number),
    state: 'open',
    service: four,
    site: 'main-hall',
    counter: 'counter-1',
    clerk: 'C1',
    level: 'dissatisfied',
    openedAt: '2026-11-22T17:30:00.000+08:00',
    openedBy: null,
    closedAt: null,
    closedBy: null,
  });
});

test('ratings beyond a page are looked at in the next, each once', async () => {
  await open();
  const services = Array.from({ length: 501 }, () => randomUUID());
  await hall.tell(services.map((service) => rated('dissatisfied', service)));
  expect(hall.openCases()).toBe(true);
  expect((await list('?limit=1000')).items).toHaveLength(500);
  expect(hall.openCases()).toBe(false);
  const first = await list('?limit=300');
  const rest = await list(`?limit=300&cursor=${first.next}`);
  expect(rest.next).toBeNull();
  expect([...first.items, ...rest.items].map(({ service }) => service).sort()).toEqual(services.toSorted());
});

test('a bad rating has its case whatever is decided about the score, and whoever served', async () => {
  await open();
  const service = randomUUID();
  await hall.tell([{ type: 'service.started', at: now - 2000, data: { service, clerk: 'C1' } }]);
  await hall.tell([rated('dissatisfied', service, { data: { clerk: 'C2' } })]);
  await hall.post(`/services/${service}/set-aside`, { why: 'not-the-clerk', note: 'The system was down.' });
  hall.openCases();
  const cases = [expect.objectContaining({ number: 1, service, clerk: 'C2', level: 'dissatisfied' })];
  expect((await list()).items).toEqual(cases);
  hall.rebuild();
  hall.openCases();
  expect((await list()).items).toEqual(cases);
});

test('a case is closed with cause, evidence and the customer’s answer, opened again, and closed with why there is none', async () => {
  await open();
  const { service, path } = await withCase();
  const before = hall.folded();
  for (const wrong of [
    { ...closing, answer: undefined },
    { ...closing, noAnswer: 'no telephone number' },
    { ...closing, cause: ' ' },
    { ...closing, evidence: undefined },
    {},
  ])
    expect(await statusOf(`${path}/close`, wrong)).toBe(400);
  expect(await statusOf(`${path}/reopen`, { note: 'She called.' })).toBe(409);

  expect(await statusOf(`${path}/close`, closing)).toBe(200);
  const closed = { state: 'closed', closedBy: 'admin', closedAt: '2026-11-22T17:30:00.000+08:00' };
  expect(await hall.json(path)).toMatchObject(closed);
  expect(await statusOf(`${path}/close`, closing)).toBe(409);
  expect((await list('?state=open')).items).toEqual([]);
  expect((await list('?state=closed')).items).toHaveLength(1);

  expect(await statusOf(`${path}/reopen`, { note: 'She called.' })).toBe(200);
  expect(await hall.json(path)).toMatchObject({ state: 'open', closedBy: null, closedAt: null });
  expect((await list('?state=closed')).items).toEqual([]);
  const { answer: _, ...unanswered } = { ...closing, noAnswer: 'She left no telephone number.' };
  expect(await statusOf(`${path}/close`, unanswered)).toBe(200);

  const { entries } = await hall.json<Service>(`/services/${service}`);
  expect(entries.map(({ type, data }) => [type, data]).slice(1)).toEqual([
    ['manyi.case.opened.v1', { case: 1, by: null, note: null }],
    ['manyi.case.closed.v1', { case: 1, by: 'admin', ...closing, noAnswer: null }],
    ['manyi.case.reopened.v1', { case: 1, by: 'admin', note: 'She called.' }],
    ['manyi.case.closed.v1', { case: 1, by: 'admin', ...unanswered, answer: null }],
  ]);
  expect(hall.folded()).toEqual(before);
  hall.rebuild();
  expect(hall.folded()).toEqual(before);
});

test('a user opens a case on any service that they may see, also on one without a rating; and none has two', async () => {
  await open();
  const [good, running] = [randomUUID(), randomUUID()];
  await hall.tell([
    rated('satisfied', good),
    { type: 'service.started', at: now - 1000, data: { service: running, clerk: null } },
  ]);
  for (const service of [good, running]) {
    const answer = await hall.post('/cases', { service, note: 'She wrote a letter.' });
    expect(answer.status).toBe(201);
    expect((await answer.json()) as Case).toMatchObject({ service, state: 'open', openedBy: 'admin' });
    expect(await statusOf('/cases', { service, note: 'again' })).toBe(409);
  }
  expect((await list(`?service=${running}`)).items).toMatchObject([{ service: running, clerk: null, level: null }]);
  await hall.tell([rated('dissatisfied', running)]);
  hall.openCases();
  expect((await list()).items).toHaveLength(2);
  expect(await statusOf('/cases', { service: randomUUID(), note: 'who?' })).toBe(404);
  expect(await statusOf('/cases', { service: good })).toBe(400);
  expect((await hall.json<Service>(`/services/${good}`)).entries.at(-1)).toMatchObject({
    type: 'manyi.case.opened.v1',
    data: { case: 1, by: 'admin', note: 'She wrote a letter.' },
  });
});

test('nobody sees or touches a case of a site that is not theirs', async () => {
  await open();
  const { service, path } = await withCase();
  await hall.tell([rated('very-dissatisfied', randomUUID(), { site: 'other-hall' })]);
  hall.openCases();
  hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['other-hall'] });
  expect((await list('', 'eve')).items.map(({ site }) => site)).toEqual(['other-hall']);
  expect((await list('?site=main-hall')).items.map(({ site }) => site)).toEqual(['main-hall']);
  expect((await list(`?service=${service}`, 'eve')).items).toEqual([]);
  expect((await hall.ask('/cases?site=no-hall')).status).toBe(404);
  const bearer = { authorization: 'Bearer eve' };
  expect((await hall.ask('/cases?site=main-hall', bearer, 'eve')).status).toBe(404);
  expect((await hall.ask(path, bearer, 'eve')).status).toBe(404);
  expect(await statusOf(`${path}/close`, closing, 'eve')).toBe(404);
  expect(await statusOf(`${path}/reopen`, { note: 'x' }, 'eve')).toBe(404);
  expect(await statusOf('/cases', { service, note: 'x' }, 'eve')).toBe(404);
  expect(await statusOf(`${path}/close`, closing, 'nobody')).toBe(401);
  for (const wrong of ['?cursor=x', '?state=done', '?service=none', '?limit=0'])
    expect((await hall.ask(`/cases${wrong}`)).status).toBe(400);
  for (const unknown of ['/cases/99', '/cases/0', '/cases/one'])
    expect([404, 400]).toContain((await hall.ask(unknown)).status);
});

test('what becomes of a case is told on the live stream of its site, and of no other', async () => {
  await open();
  hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['other-hall'] });
  const live = (token: string) => listen(`${hall.base}/live`, { authorization: `Bearer ${token}` });
  const [admin, eve] = [await live('admin'), await live('eve')];
  const { service } = await withCase();
  await hall.tell([rated('very-satisfied', randomUUID(), { site: 'other-hall' })]);
  expect(JSON.parse((await eve.next()).data)).toMatchObject({ type: 'manyi.rating.given.v1', site: 'other-hall' });
  await admin.next();
  expect(JSON.parse((await admin.next()).data)).toMatchObject({
    type: 'manyi.case.opened.v1',
    time: '2026-11-22T17:30:00.000+08:00',
    site: 'main-hall',
    terminal: 'main-hall-t1',
    counter: 'counter-1',
    clerk: 'C1',
    service,
  });
  for (const listener of [admin, eve]) listener.stop();
});

test('a user of several sites has their cases in one list, newest first', async () => {
  hall = await openHall([{ id: 'north' }, { id: 'south' }, { id: 'elsewhere' }], now);
  const sites = ['north', 'south', 'elsewhere', 'south', 'north', 'north'];
  for (const site of sites) {
    await hall.tell([rated('dissatisfied', randomUUID(), { site })]);
    hall.openCases();
  }
  hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['south', 'north', 'south'] });
  await hall.post('/cases/5/close', closing);
  const numbers = async (query: string) => {
    const { items, next } = await list(query, 'eve');
    return [items.map(({ number }) => number), next];
  };
  expect(await numbers('')).toEqual([[6, 5, 4, 2, 1], null]);
  expect(await numbers('?limit=3')).toEqual([[6, 5, 4], '4']);
  expect(await numbers('?limit=3&cursor=4')).toEqual([[2, 1], null]);
  expect(await numbers('?state=open')).toEqual([[6, 4, 2, 1], null]);
  expect(await numbers('?state=closed')).toEqual([[5], null]);
  hall.users.set('nina', { username: 'nina', name: 'Nina', role: 'supervisor', sites: [] });
  expect((await list('', 'nina')).items).toEqual([]);
});
