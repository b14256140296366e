import { randomUUID } from 'node:crypto';
import type { ScoreRow, Scores } from '@manyi/config/api';
import { shrunkRate } from '@manyi/config/formulas';
import { profiles } from '@manyi/config/profiles';
import { afterEach, describe, expect, test } from 'vitest';
import { type Hall, type HallSite, type Happening, openHall } from './hall.ts';

const now = Date.parse('2026-11-22T17:30:00+08:00');
let hall: Hall;

async function open(...sites: HallSite[]): Promise<Hall> {
  hall = await openHall(sites, now);
  return hall;
}

afterEach(() => hall.close());

function ratings(level: string, count: number, more: Partial<Happening> = {}): Happening[] {
  const { data, ...rest } = more;
  return Array.from({ length: count }, (_, index) => ({
    type: 'rating.given' as const,
    at: now - 3_600_000 - index * 1000,
    data: { level, invitedBy: 'clerk', ...data, service: randomUUID() },
    ...rest,
  }));
}

function withCounts(
  profile: keyof typeof profiles,
  counts: readonly number[],
  data: Record<string, unknown>,
): Happening[] {
  return profiles[profile].levels.flatMap((level, index) =>
    ratings(level.name, counts[index] ?? 0, { data: { ...data, profile } }),
  );
}

function rowOf(scores: Scores, key: string): ScoreRow {
  const row = scores.items.find((item) => item.key === key);
  if (row === undefined) throw new Error(`no row ${key}`);
  return row;
}

describe('the formulas, through the door', () => {
  test('four keys 126/60/16/17 make an index of 78.23', async () => {
    await open({ id: 'main-hall' });
    await hall.tell(withCounts('four-key', [126, 60, 16, 17], { clerk: 'C1' }));
    const scores = await hall.json<Scores>('/scores?by=clerk');
    const row = rowOf(scores, 'C1');
    expect(scores.profile).toBe('four-key');
    expect(row.satisfactionIndex).toBeCloseTo(78.23, 2);
    expect(row.counts).toEqual({ 'very-satisfied': 126, satisfied: 60, average: 16, dissatisfied: 17 });
    expect(row.satisfactionRate).toBeCloseTo(186 / 219, 12);
    expect(row.dissatisfactionRate).toBeCloseTo(17 / 219, 12);
    expect(scores.position).toBe(219);
  });

  test('five levels 51/23/12/2/4 make an index of 81.25', async () => {
    await open({ id: 'main-hall', profile: 'five-level' });
    await hall.tell(withCounts('five-level', [51, 23, 12, 2, 4], { clerk: 'C1' }));
    const scores = await hall.json<Scores>('/scores?by=site');
    expect(scores.profile).toBe('five-level');
    expect(rowOf(scores, 'main-hall').satisfactionIndex).toBeCloseTo(81.25, 2);
  });

  test('9 good of 10 lie between 0.596 and 0.982', async () => {
    await open({ id: 'main-hall' });
    await hall.tell(withCounts('four-key', [5, 4, 0, 1], { clerk: 'C1' }));
    const { interval } = rowOf(await hall.json<Scores>('/scores'), 'C1');
    expect(interval?.map((bound) => Number(bound.toFixed(3)))).toEqual([0.596, 0.982]);
  });

  test('rates over nothing are null, and a clerk of the roster has a row of zeros', async () => {
    await open({ id: 'main-hall' });
    hall.addClerk('C9', '王芳');
    const row = rowOf(await hall.json<Scores>('/scores?by=clerk&site=main-hall'), 'C9');
    expect(row).toMatchObject({
      name: '王芳',
      rated: 0,
      services: 0,
      satisfactionRate: null,
      dissatisfactionRate: null,
      participationRate: null,
      satisfactionIndex: null,
      interval: null,
      shrunkRate: null,
      notInvitedRate: null,
      rank: null,
    });
  });
});

describe('what counts', () => {
  test('participation and the not-invited rate count every service with its one outcome', async () => {
    await open({ id: 'main-hall' });
    const end = (outcome: string, invitedBy: string | null): Happening => ({
      type: 'service.ended',
      at: now - 60_000,
      data: { service: randomUUID(), clerk: 'C1', outcome, invitedBy },
    });
    await hall.tell([
      ...ratings('satisfied', 3, { data: { clerk: 'C1' } }),
      end('expired', 'clerk'),
      end('withheld', 'automatic'),
      end('interrupted', null),
    ]);
    expect(rowOf(await hall.json<Scores>('/scores'), 'C1')).toMatchObject({
      rated: 3,
      services: 6,
      participationRate: 3 / 5,
      participationSource: 'called',
      notInvitedRate: 1 / 6,
    });
  });

  test('a site without calling does not know its participation', async () => {
    await open({ id: 'main-hall', mode: 'continuous' });
    await hall.tell(ratings('satisfied', 3, { data: { clerk: 'C1' } }));
    expect(rowOf(await hall.json<Scores>('/scores'), 'C1')).toMatchObject({
      rated: 3,
      participationRate: null,
      participationSource: 'unknown',
    });
  });

  test('unprompted ratings stand apart, outside every rate', async () => {
    await open({ id: 'main-hall' });
    await hall.tell([
      ...ratings('satisfied', 2, { data: { clerk: 'C1' } }),
      ...ratings('dissatisfied', 5, { data: { clerk: 'C1', unprompted: true, invitedBy: null } }),
    ]);
    expect(rowOf(await hall.json<Scores>('/scores'), 'C1')).toMatchObject({
      rated: 2,
      services: 2,
      unprompted: 5,
      satisfactionRate: 1,
    });
  });

  test("a rating without a clerk stays with the counter, and is nobody's", async () => {
    await open({ id: 'main-hall' });
    await hall.tell(ratings('satisfied', 4, { counter: 2 }));
    expect((await hall.json<Scores>('/scores?by=clerk')).items).toEqual([]);
    expect(rowOf(await hall.json<Scores>('/scores?by=counter'), 'counter-2').rated).toBe(4);
  });

  test('a rating that arrives late folds into the day that it belongs to', async () => {
    await open({ id: 'main-hall' });
    const past = Date.parse('2026-10-03T10:00:00+08:00');
    await hall.tell(ratings('satisfied', 1, { at: past, data: { clerk: 'C1' } }));
    expect(rowOf(await hall.json<Scores>('/scores?from=2026-10-03&to=2026-10-04'), 'C1').rated).toBe(1);
    expect((await hall.json<Scores>('/scores')).items).toEqual([]);
  });
});

describe('ranking', () => {
  test("rates are drawn to the site's mean by 20, and fewer than 10 ratings are not ranked", async () => {
    await open({ id: 'main-hall' });
    await hall.tell([
      ...withCounts('four-key', [100, 80, 10, 10], { clerk: 'many' }),
      ...withCounts('four-key', [12, 0, 0, 0], { clerk: 'some' }),
      ...withCounts('four-key', [0, 0, 0, 10], { clerk: 'poor' }),
      ...withCounts('four-key', [9, 0, 0, 0], { clerk: 'few' }),
    ]);
    const scores = await hall.json<Scores>('/scores?by=clerk');
    const mean = 201 / 231;
    expect(rowOf(scores, 'some').shrunkRate).toBeCloseTo(shrunkRate(12, 12, mean) ?? 0, 12);
    expect(scores.items.map((row) => [row.key, row.rank])).toEqual([
      ['few', null],
      ['many', 2],
      ['poor', 3],
      ['some', 1],
    ]);
    const alone = await hall.json<Scores>('/scores?by=clerk&clerk=some');
    expect(alone.items.map((row) => row.key)).toEqual(['some']);
    expect(alone.items[0]?.shrunkRate).toBeCloseTo(shrunkRate(12, 12, mean) ?? 0, 12);
  });

  test('counters of one name at two sites stay apart', async () => {
    await open({ id: 'east' }, { id: 'west' });
    await hall.tell([...ratings('satisfied', 1, { site: 'east' }), ...ratings('dissatisfied', 2, { site: 'west' })]);
    const scores = await hall.json<Scores>('/scores?by=counter');
    expect(scores.items.map((row) => [row.key, row.rated])).toEqual([
      ['east/counter-1', 1],
      ['west/counter-1', 2],
    ]);
  });
});

describe('who may see what', () => {
  test('a supervisor sees their sites, and no hint of others', async () => {
    await open({ id: 'east' }, { id: 'west' });
    hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['east'] });
    await hall.tell([
      ...ratings('satisfied', 1, { site: 'east', data: { clerk: 'E1' } }),
      ...ratings('satisfied', 1, { site: 'west', data: { clerk: 'W1' } }),
    ]);
    const seen = await hall.json<Scores>('/scores?by=clerk', 'eve');
    expect(seen.items.map((row) => row.key)).toEqual(['E1']);
    const foreign = await hall.ask('/scores?site=west', {}, 'eve');
    const unknown = await hall.ask('/scores?site=nowhere', {}, 'eve');
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(await foreign.text()).toBe(await unknown.text());
  });
});

describe('bad questions', () => {
  test.each([
    ['from=yesterday', 'querystring.from'],
    ['from=2026-02-30', 'querystring.from'],
    ['from=2026-11-22&to=2026-11-20', 'querystring.to'],
    ['by=hour&from=2026-01-01&to=2026-11-01', 'querystring.to'],
    ['by=moon', 'querystring.by'],
  ])('%s is refused by the name of its field', async (query, path) => {
    await open({ id: 'main-hall' });
    const response = await hall.ask(`/scores?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ errors: [{ path }] });
  });

  test('an offset whose plus came as a space is understood', async () => {
    await open({ id: 'main-hall' });
    const scores = await hall.json<Scores>('/scores?from=2026-11-22T00:00:00+08:00&to=2026-11-23');
    expect(scores.from).toBe('2026-11-22T00:00:00.000+08:00');
  });
});

describe('as a table', () => {
  test('CSV neutralises names that a spreadsheet would run', async () => {
    await open({ id: 'main-hall' });
    hall.addClerk('C1', '=HYPERLINK("http://bad")');
    await hall.tell(ratings('satisfied', 1, { data: { clerk: 'C1' } }));
    const response = await hall.ask('/scores?by=clerk', { accept: 'text/csv' });
    const bytes = Buffer.from(await response.arrayBuffer());
    const [head, line] = bytes.toString().split('\n');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(head?.startsWith('\uFEFFclerk,name,very-satisfied,satisfied,average,dissatisfied,rated')).toBe(true);
    expect(line).toMatch(/^C1,"'=HYPERLINK\(""http:\/\/bad""\)",0,1,0,0,1,/);
  });

  test('a workbook holds the row', async () => {
    await open({ id: 'main-hall' });
    await hall.tell(ratings('satisfied', 1, { data: { clerk: 'C1' } }));
    const accept = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const response = await hall.ask('/scores?by=clerk', { accept });
    expect(response.headers.get('content-type')).toBe(accept);
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
  });
});
