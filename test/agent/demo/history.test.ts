import { dayClerks, planDay } from '@manyi/agent/demo/day';
import { pastEvents } from '@manyi/agent/demo/history';
import { toRfc3339 } from '@manyi/config/zone';
import { describe, expect, test } from 'vitest';

const timeZone = 'Asia/Shanghai';
const now = Date.parse('2026-11-22T17:00:00+08:00');
const clerks = dayClerks(7);

describe('the past of the demo hall', () => {
  const past = pastEvents({ clerks, timeZone, now });
  const all = [...past.values()].flat();
  const idsOf = (type: string, id: 'duty' | 'service') =>
    all.flatMap((event) => (event.type === `manyi.${type}.v1` ? [event.data[id]] : [])).sort();

  test('lies in the hours of thirty days without Sundays, in its order at every counter', () => {
    expect(past.size).toBe(12);
    for (const events of past.values()) {
      const times = events.map(({ at }) => at ?? Number.NaN);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
    const written = all.map(({ at }) => toRfc3339(at ?? Number.NaN, timeZone));
    expect(written.filter((time) => !/T(09|1[0-8]):/.test(time))).toEqual([]);
    const dates = [...new Set(written.map((time) => time.slice(0, 10)))].sort();
    expect(dates[0]).toBe('2026-10-23');
    expect(dates.at(-1)).toBe('2026-11-21');
    expect(dates).toHaveLength(26);
  });

  test('ends every duty and every service that it began, once', () => {
    expect(idsOf('service.started', 'service').length).toBeGreaterThan(3000);
    expect(idsOf('service.ended', 'service')).toEqual(idsOf('service.started', 'service'));
    expect(idsOf('duty.ended', 'duty')).toEqual(idsOf('duty.started', 'duty'));
  });
});

test('no clerk of any day taps out after the relief has tapped in', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const badges = new Map<string, string[]>();
    for (const { counter, input } of planDay(seed, undefined, clerks)) {
      if (input.type === 'badge') badges.set(counter, [...(badges.get(counter) ?? []), input.clerk]);
    }
    for (const taps of badges.values()) {
      const [morning, ...rest] = taps;
      const relief = rest.at(-1);
      expect([
        [morning, relief],
        [morning, morning, relief, relief],
        [morning, relief, relief],
      ]).toContainEqual(taps);
    }
  }
});
