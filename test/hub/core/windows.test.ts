import { buckets, pieces } from '@manyi/hub/tallies/windows';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const zone = 'Asia/Shanghai';
const at = (text: string) => Date.parse(`${text}+08:00`);
const cut = (from: string, to: string) =>
  pieces(at(from), at(to), zone).map(({ span, from: start, to: end }) => [span, start, end]);

test('a month is one piece', () => {
  const [from, to] = ['2026-11-01T00:00:00', '2026-12-01T00:00:00'];
  expect(cut(from, to)).toEqual([['month', at(from), at(to)]]);
});

test('odd ends: part of an hour, hours, days, months, days, hours, part of an hour', () => {
  const marks = [
    ['moment', '2026-09-29T21:40:00', '2026-09-29T22:00:00'],
    ['hour', '2026-09-29T22:00:00', '2026-09-30T00:00:00'],
    ['day', '2026-09-30T00:00:00', '2026-10-01T00:00:00'],
    ['month', '2026-10-01T00:00:00', '2026-12-01T00:00:00'],
    ['day', '2026-12-01T00:00:00', '2026-12-03T00:00:00'],
    ['hour', '2026-12-03T00:00:00', '2026-12-03T09:00:00'],
    ['moment', '2026-12-03T09:00:00', '2026-12-03T09:15:00'],
  ] as const;
  const expected = marks.map(([span, from, to]) => [span, at(from), at(to)]);
  expect(cut('2026-09-29T21:40:00', '2026-12-03T09:15:00')).toEqual(expected);
});

test('nothing between equal or crossed ends', () => {
  expect(cut('2026-11-01T00:00:00', '2026-11-01T00:00:00')).toEqual([]);
  expect(cut('2026-11-02T00:00:00', '2026-11-01T00:00:00')).toEqual([]);
});

/** Zones with every oddity: none, half hours, summer time at midnight, a shift of half an hour. */
const zones = fc.constantFrom(
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Europe/Berlin',
  'America/Santiago',
  'Australia/Lord_Howe',
);
const year = 365 * 24 * 60;

test('every instant of a window belongs to exactly one piece, by its own buckets', () => {
  const base = Date.parse('2025-12-20T00:00:00Z');
  const minutes = fc.integer({ min: 0, max: 2 * year });
  fc.assert(
    fc.property(zones, minutes, minutes, minutes, (where, one, other, moment) => {
      const from = base + Math.min(one, other) * 60_000;
      const to = base + Math.max(one, other) * 60_000;
      const instant = base + moment * 60_000;
      const own = { ...buckets(instant, where), moment: instant };
      const holding = pieces(from, to, where).filter(
        ({ span, from: start, to: end }) => own[span] >= start && own[span] < end,
      );
      expect(holding).toHaveLength(instant >= from && instant < to ? 1 : 0);
    }),
    { numRuns: 3000 },
  );
});
