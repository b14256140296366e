import * as zone from '@manyi/config/zone';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const at = (text: string) => Date.parse(text);

test('an instant is written with the offset of its zone', () => {
  expect(zone.toRfc3339(at('2026-11-22T01:31:02.114Z'), 'Asia/Shanghai')).toBe('2026-11-22T09:31:02.114+08:00');
  expect(zone.toRfc3339(at('2026-01-01T00:00:00Z'), 'America/St_Johns')).toBe('2025-12-31T20:30:00.000-03:30');
  expect(zone.toRfc3339(at('2026-07-01T00:00:00Z'), 'UTC')).toBe('2026-07-01T00:00:00.000+00:00');
});

test('days are as long as the zone makes them', () => {
  const hours = (date: string) =>
    (zone.startOfDate(zone.addDays(date, 1), 'Europe/Berlin') - zone.startOfDate(date, 'Europe/Berlin')) / 3_600_000;
  expect([hours('2026-03-28'), hours('2026-03-29'), hours('2026-10-25')]).toEqual([24, 23, 25]);
});

test('a day whose midnight is skipped begins at its first moment', () => {
  const start = zone.startOfDate('2018-11-04', 'America/Sao_Paulo');
  expect(zone.toRfc3339(start, 'America/Sao_Paulo')).toBe('2018-11-04T01:00:00.000-02:00');
});

test('an hour that begins with the clocks being set by half an hour begins just then', () => {
  const name = 'Australia/Lord_Howe';
  const hourOf = (text: string) => zone.toRfc3339(zone.startOfHour(at(text), name), name);
  expect(['2026-10-04T01:59:00+10:30', '2026-10-04T02:31:00+11:00', '2026-10-04T03:00:00+11:00'].map(hourOf)).toEqual([
    '2026-10-04T01:00:00.000+10:30',
    '2026-10-04T02:30:00.000+11:00',
    '2026-10-04T03:00:00.000+11:00',
  ]);
  expect(['2026-04-05T01:45:00+11:00', '2026-04-05T01:45:00+10:30', '2026-04-05T02:15:00+10:30'].map(hourOf)).toEqual([
    '2026-04-05T01:00:00.000+11:00',
    '2026-04-05T01:30:00.000+10:30',
    '2026-04-05T02:00:00.000+10:30',
  ]);
});

test('months begin on their first day', () => {
  expect(zone.startOfMonth(at('2026-11-22T10:00:00Z'), 'Asia/Shanghai')).toBe(at('2026-10-31T16:00:00Z'));
});

test('property: what is written is the same instant, within its day, hour and month', () => {
  const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC'];
  const instants = fc.integer({ min: at('2001-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (instant, name) => {
      expect(Date.parse(zone.toRfc3339(instant, name))).toBe(instant);
      const day = zone.startOfDay(instant, name);
      expect(day).toBeLessThanOrEqual(instant);
      expect(zone.startOfNextDay(instant, name)).toBeGreaterThan(instant);
      expect(zone.localDate(day, name)).toBe(zone.localDate(instant, name));
      expect(zone.localDate(day - 1, name)).not.toBe(zone.localDate(instant, name));
      expect(instant - zone.startOfHour(instant, name)).toBeLessThan(3_600_000);
      expect(zone.startOfMonth(instant, name)).toBeLessThanOrEqual(day);
    }),
  );
});

test('an unknown zone is told from a known one', () => {
  expect(zone.isTimeZone('Asia/Shanghai')).toBe(true);
  expect(zone.isTimeZone('Asia/Atlantis')).toBe(false);
});
