import { dayClerks, defaultDay, demoTimings, type PlannedInput, planDay } from '@manyi/agent/demo/day';
import { describe, expect, test } from 'vitest';
import { type Counter, createCounter, minute } from '../service/counter.ts';

/** The day lived at every counter of the hall by the real rules. */
function live(day: readonly PlannedInput[]): Map<string, Counter> {
  const counters = new Map<string, Counter>();
  for (const { at, counter: name, input } of day) {
    const counter = counters.get(name) ?? createCounter('called', 0, demoTimings);
    counters.set(name, counter);
    counter.wait(at - counter.now);
    counter.send(input);
  }
  for (const counter of counters.values()) counter.wait(minute);
  return counters;
}

describe('a day of the demo hall', () => {
  const day = planDay(7);
  const counters = live(day);
  const told = (name: string) => [...counters.values()].flatMap((counter) => counter.told(name));

  test('is the same for the same seed, and another for another', () => {
    expect(planDay(7)).toEqual(day);
    expect(planDay(8)).not.toEqual(day);
  });

  test('takes ten minutes at twelve counters, in the order of time', () => {
    expect(counters.size).toBe(12);
    const times = day.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(0);
    expect(times.at(-1)).toBeLessThanOrEqual(defaultDay.length);
  });

  test('has every clerk on duty, nobody in two places, and everybody gone at night', () => {
    const places = new Map<unknown, Set<unknown>>();
    for (const [name, counter] of counters) {
      for (const { clerk } of counter.told('duty.started')) {
        places.set(clerk, (places.get(clerk) ?? new Set()).add(name));
      }
      expect(counter.view.phase).toBe('no-clerk');
    }
    expect([...places.keys()].sort()).toEqual(dayClerks(7).map(({ id }) => id));
    expect([...places.values()].every((where) => where.size === 1)).toBe(true);
  });

  test('is full of services of every kind', () => {
    expect(told('service.started').length).toBeGreaterThan(500);
    expect(told('service.ended')).toHaveLength(told('service.started').length);
    const outcomes = new Set(told('service.ended').map(({ outcome }) => outcome));
    expect([...outcomes].sort()).toEqual(['declined', 'expired', 'rated', 'withheld']);
    const levels = new Set(told('rating.given').map(({ level }) => level));
    expect(levels.size).toBe(4);
    for (const name of ['reason.given', 'press.ignored', 'duty.paused', 'duty.resumed']) {
      expect(told(name).length).toBeGreaterThan(0);
    }
    expect(new Set(told('duty.ended').map(({ endedBy }) => endedBy))).toEqual(new Set(['badge', 'other-badge']));
  });

  test('lets a warm clerk’s figures differ from a cold one’s', () => {
    const byWarmth = [...dayClerks(7)].sort((a, b) => a.warmth - b.warmth);
    const good = (clerk: string | undefined) => {
      const theirs = told('rating.given').filter((given) => given.clerk === clerk);
      return theirs.filter(({ level }) => level === 'very-satisfied' || level === 'satisfied').length / theirs.length;
    };
    expect(good(byWarmth.at(-1)?.id)).toBeGreaterThan(good(byWarmth[0]?.id));
  });
});
