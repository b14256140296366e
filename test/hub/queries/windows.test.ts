import type { Scores } from '@manyi/config/api';
import { localDate, toRfc3339 } from '@manyi/config/zone';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type Hall, type Happening, openHall } from './hall.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const minute = 60_000;
const day = 24 * 60 * minute;
let hall: Hall;

afterEach(() => hall.close());

/** Ratings strewn over nine months, denser around the changes of the clocks, at odd seconds. */
function strewn(): number[] {
  const spread = Array.from({ length: 700 }, (_, index) => now - 270 * day + index * 9.2 * 60 * minute + index * 137);
  const changes = ['2026-03-08T00:00:00Z', '2026-04-04T12:00:00Z', '2026-10-03T12:00:00Z', '2026-11-01T00:00:00Z'];
  const dense = changes.flatMap((text) =>
    Array.from({ length: 150 }, (_, index) => Date.parse(text) + index * 17 * minute),
  );
  return [...spread, ...dense].map(Math.floor).sort((one, other) => one - other);
}

function asHappenings(times: readonly number[]): Happening[] {
  return times.map((at, index) => ({
    type: 'rating.given',
    at,
    counter: (index % 2) + 1,
    data: {
      service: crypto.randomUUID(),
      clerk: `C${index % 3}`,
      level: index % 7 === 0 ? 'dissatisfied' : 'satisfied',
      invitedBy: 'clerk',
    },
  }));
}

function ratedOf(scores: Scores): number {
  return scores.items.reduce((sum, row) => sum + row.rated, 0);
}

describe.each(['Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'America/St_Johns'])('in %s', (timeZone) => {
  test('any window holds exactly the ratings from its beginning to before its end, however it is grouped', async () => {
    hall = await openHall([{ id: 'main-hall', timeZone }], now);
    const times = strewn();
    await hall.tell(asHappenings(times));
    const from = fc.integer({ min: now - 271 * day, max: now - minute });
    const length = fc.oneof(fc.integer({ min: 0, max: 3 * 60 * minute }), fc.integer({ min: 0, max: 40 * day }));
    const by = fc.constantFrom('clerk', 'counter', 'site', 'day', 'hour');
    await fc.assert(
      fc.asyncProperty(from, length, by, async (start, span, grouping) => {
        const window = { from: toRfc3339(start, timeZone), to: toRfc3339(start + span, 'UTC') };
        const scores = await hall.json<Scores>(`/scores?${new URLSearchParams({ by: grouping, ...window })}`);
        expect(ratedOf(scores)).toBe(times.filter((at) => at >= start && at < start + span).length);
      }),
      { numRuns: 60 },
    );
  });

  test("days begin and end with the site's own clock, and their hours add up to them", async () => {
    hall = await openHall([{ id: 'main-hall', timeZone }], now);
    const times = strewn();
    await hall.tell(asHappenings(times));
    const days = await hall.json<Scores>('/scores?by=day&from=2026-02-01&to=2026-11-22');
    const expected = new Map<string, number>();
    for (const at of times) {
      const date = localDate(at, timeZone);
      if (date >= '2026-02-01' && date < '2026-11-22') expected.set(date, (expected.get(date) ?? 0) + 1);
    }
    expect(new Map(days.items.map((row) => [row.key, row.rated]))).toEqual(expected);
    for (const date of ['2026-03-08', '2026-04-05', '2026-10-04', '2026-11-01']) {
      const next = localDate(Date.parse(`${date}T12:00:00Z`) + day, 'UTC');
      const hours = await hall.json<Scores>(`/scores?by=hour&from=${date}&to=${next}`);
      expect(ratedOf(hours)).toBe(expected.get(date));
    }
  });
});

test('the longest day of New York has twenty-five hours', async () => {
  hall = await openHall([{ id: 'main-hall', timeZone: 'America/New_York' }], now);
  const begin = Date.parse('2026-11-01T04:00:00Z');
  await hall.tell(asHappenings(Array.from({ length: 50 }, (_, index) => begin + index * 30 * minute + 1)));
  const hours = await hall.json<Scores>('/scores?by=hour&from=2026-11-01&to=2026-11-02');
  expect(hours.items.map((row) => row.rated)).toEqual(Array.from({ length: 25 }, () => 2));
  expect(hours.items.slice(0, 3).map((row) => [row.key, row.name])).toEqual([
    ['2026-11-01T00:00:00.000-04:00', '00:00'],
    ['2026-11-01T01:00:00.000-04:00', '01:00'],
    ['2026-11-01T01:00:00.000-05:00', '01:00'],
  ]);
});

test('without a window each site answers for its own today', async () => {
  hall = await openHall(
    [
      { id: 'shanghai', timeZone: 'Asia/Shanghai' },
      { id: 'new-york', timeZone: 'America/New_York' },
    ],
    now,
  );
  const at = Date.parse('2026-11-21T18:00:00Z');
  const rating = { type: 'rating.given' as const, at, data: { level: 'satisfied', clerk: 'C1' } };
  await hall.tell([
    { ...rating, site: 'shanghai' },
    { ...rating, site: 'new-york' },
  ]);
  const scores = await hall.json<Scores>('/scores?by=site');
  expect(scores.items.map((row) => [row.key, row.rated])).toEqual([
    ['new-york', 0],
    ['shanghai', 1],
  ]);
  expect([scores.from, scores.to]).toEqual(['2026-11-21T16:00:00.000+00:00', '2026-11-23T05:00:00.000+00:00']);
});
