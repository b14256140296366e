import { randomUUID } from 'node:crypto';
import type { Rating, Service } from '@manyi/config/api';
import { afterEach, describe, expect, test } from 'vitest';
import { type Hall, type Happening, openHall } from './hall.ts';

const now = Date.parse('2026-11-22T17:30:00+08:00');
const minute = 60_000;
let hall: Hall;

afterEach(() => hall.close());

interface Page {
  readonly items: Rating[];
  readonly next: string | null;
}

function ratings(count: number, more: (index: number) => Partial<Happening> = () => ({})): Happening[] {
  return Array.from({ length: count }, (_, index) => {
    const { data, ...rest } = more(index);
    const own = { service: randomUUID(), clerk: 'C1', level: 'satisfied', invitedBy: 'clerk' };
    return { type: 'rating.given', at: now - (count - index) * minute, data: { ...own, ...data }, ...rest };
  });
}

/** Follows `next` to the end; `between` runs after every page. */
async function allPages(query: string, between: () => Promise<void> = async () => {}): Promise<Rating[]> {
  const found: Rating[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await hall.json<Page>(`/ratings?${query}${cursor === null ? '' : `&cursor=${cursor}`}`);
    found.push(...page.items);
    cursor = page.next;
    await between();
  } while (cursor !== null);
  return found;
}

const byCounter = (index: number) => ({ counter: (index % 2) + 1, data: { clerk: `C${index % 3}` } });

describe('pages', () => {
  test.each([
    'limit=7',
    'limit=7&site=main-hall',
    'limit=7&clerk=C1',
    'limit=7&counter=counter-2',
    'limit=7&from=2026-11-22',
  ])('of %s neither repeat nor skip while ratings keep coming', async (query) => {
    hall = await openHall([{ id: 'main-hall' }], now);
    await hall.tell(ratings(60, byCounter));
    const before = (await allPages(query)).map((item) => item.service);
    const paged = await allPages(query, () => hall.tell(ratings(3, byCounter)));
    const services = paged.map((item) => item.service);
    expect(new Set(services).size).toBe(services.length);
    expect(services.filter((service) => before.includes(service))).toEqual(before);
  });

  test('come newest first and carry what outside programs rely on', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    await hall.tell(ratings(3));
    const { items, next } = await hall.json<Page>('/ratings');
    expect(items.map((item) => item.position)).toEqual([3, 2, 1]);
    expect(next).toBeNull();
    expect(items[0]).toEqual({
      position: 3,
      service: expect.any(String),
      time: '2026-11-22T17:29:00.000+08:00',
      site: 'main-hall',
      counter: 'counter-1',
      clerk: 'C1',
      level: 'satisfied',
      unprompted: false,
      setAside: false,
      recorded: false,
    });
  });

  test('of a rare level hold every one of them, however many others lie between', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    const rare = (index: number) => ({
      at: now - index * 100,
      data: { level: index % 2500 === 0 ? 'dissatisfied' : 'satisfied' },
    });
    await hall.tell(ratings(12_000, rare));
    const found = await allPages('limit=2&level=dissatisfied');
    expect(found).toHaveLength(5);
    expect(await allPages('limit=2&level=dissatisfied&site=main-hall')).toEqual(found);
  });

  test('within a window are ordered by time, also for what arrived late', async () => {
    hall = await openHall([{ id: 'main-hall' }, { id: 'west' }], now);
    await hall.tell(ratings(5));
    await hall.tell(ratings(3, (index) => ({ site: 'west', at: now - 3 * minute - index })));
    const times = (await allPages('limit=2&from=2026-11-22T17:00:00%2B08:00')).map((item) => Date.parse(item.time));
    expect(times).toHaveLength(8);
    expect(times).toEqual([...times].sort((one, other) => other - one));
  });

  test('a cursor of other filters, a wrong limit and an unknown site are refused', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    const statuses = ['cursor=5.5', 'cursor=5&from=2026-11-22', 'limit=1001', 'limit=0', 'site=nowhere'].map(
      async (query) => {
        const response = await hall.ask(`/ratings?${query}`);
        return response.status;
      },
    );
    expect(await Promise.all(statuses)).toEqual([400, 400, 400, 400, 404]);
  });

  test('a date needs a site where zones differ', async () => {
    hall = await openHall([{ id: 'main-hall' }, { id: 'far', timeZone: 'America/New_York' }], now);
    expect((await hall.ask('/ratings?from=2026-11-22')).status).toBe(400);
    expect((await hall.ask('/ratings?from=2026-11-22&site=far')).status).toBe(200);
  });

  test('a supervisor reads their sites only', async () => {
    hall = await openHall([{ id: 'east' }, { id: 'west' }], now);
    hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['east'] });
    await hall.tell([...ratings(2, () => ({ site: 'east' })), ...ratings(3, () => ({ site: 'west' }))]);
    for (const query of ['', '?clerk=C1', '?from=2026-11-22', '?level=satisfied']) {
      const { items } = await hall.json<Page>(`/ratings${query}`, 'eve');
      expect(items.map((item) => item.site)).toEqual(['east', 'east']);
    }
    expect((await hall.ask('/ratings?site=west', {}, 'eve')).status).toBe(404);
  });
});

describe('as a table', () => {
  test('CSV holds the whole list, however many pages that were', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    await hall.tell(ratings(2500, (index) => ({ at: now - index * 1000 })));
    const text = await (await hall.ask('/ratings', { accept: 'text/csv' })).text();
    const [head, first, ...rest] = text.trimEnd().split('\n');
    expect(head).toBe('position,service,time,site,counter,clerk,level,unprompted,setAside');
    expect(first).toMatch(/^2500,[-0-9a-f]{36},2026-11-22T\S+,main-hall,counter-1,C1,satisfied,false,false$/);
    expect(rest).toHaveLength(2499);
    const limited = await (await hall.ask('/ratings?limit=3', { accept: 'text/csv' })).text();
    expect(limited.trimEnd().split('\n')).toHaveLength(4);
  });

  test.each([
    ['text/csv;q=0.4, application/json', 'application/json; charset=utf-8'],
    ['text/csv, application/json;q=0.4', 'text/csv; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
  ])('Accept: %s gives %s', async (accept, type) => {
    hall = await openHall([{ id: 'main-hall' }], now);
    const response = await hall.ask('/ratings', { accept });
    await response.arrayBuffer();
    expect(response.headers.get('content-type')).toBe(type);
  });
});

describe('the evidence chain', () => {
  test("holds everything of a service in the ledger's order, and what it has come to", async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    const service = randomUUID();
    const data = { service, clerk: 'C1', duty: randomUUID() };
    await hall.tell([
      { type: 'service.started', at: now - 5 * minute, data: { ...data, startedBy: 'next' } },
      {
        type: 'rating.given',
        at: now - minute,
        data: { ...data, level: 'dissatisfied', invitedBy: 'clerk', pressedAfterMs: 2310 },
      },
      { type: 'reason.given', at: now - minute + 2000, data: { ...data, reason: 'waiting' } },
      { type: 'service.ended', at: now - minute + 5000, data: { ...data, outcome: 'rated', invitedBy: 'clerk' } },
    ]);
    const chain = await hall.json<Service>(`/services/${service}`);
    expect(chain).toMatchObject({
      service,
      site: 'main-hall',
      terminal: 'main-hall-t1',
      counter: 'counter-1',
      clerk: 'C1',
      duty: data.duty,
      startedAt: '2026-11-22T17:25:00.000+08:00',
      endedAt: '2026-11-22T17:29:05.000+08:00',
      outcome: 'rated',
      level: 'dissatisfied',
      reason: 'waiting',
    });
    expect(chain.entries.map((entry) => entry.type)).toEqual([
      'manyi.service.started.v1',
      'manyi.rating.given.v1',
      'manyi.reason.given.v1',
      'manyi.service.ended.v1',
    ]);
    expect(chain.entries[1]?.data).toMatchObject({ level: 'dissatisfied', pressedAfterMs: 2310 });
  });

  test('of a foreign site is as unknown as one that never was', async () => {
    hall = await openHall([{ id: 'east' }, { id: 'west' }], now);
    hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['east'] });
    const service = randomUUID();
    await hall.tell(ratings(1, () => ({ site: 'west', data: { service } })));
    const foreign = await hall.ask(`/services/${service}`, {}, 'eve');
    const unknown = await hall.ask(`/services/${randomUUID()}`, {}, 'eve');
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(await foreign.text()).toBe(await unknown.text());
    expect((await hall.ask('/services/not-a-uuid')).status).toBe(400);
  });
});
