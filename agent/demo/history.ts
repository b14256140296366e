import { addDays, localDate, startOfDate, toRfc3339 } from '@manyi/config/zone';
import { v7 } from 'uuid';
import type { NewEvent } from '../outbox/outbox.ts';
import type { Rules } from '../service/inputs.ts';
import { nextTick, step } from '../service/service.ts';
import { initialState } from '../service/state.ts';
import { type DayOptions, defaultDay, demoTimings, type PlannedInput, planDay } from './day.ts';
import type { HallClerk } from './hall.ts';

/** The past weeks of the demo hall. */
export interface PastOptions {
  readonly clerks: readonly HallClerk[];
  readonly timeZone: string;
  /** Epoch milliseconds; the past ends with the day before. */
  readonly now: number;
}

const pastDays = 30;
/** Past days are planned shorter than today's, with fewer customers, and stretched over a hall's hours. */
const pastDay: DayOptions = { ...defaultDay, length: 3 * 60_000 };
const hourMs = 60 * 60 * 1000;
const opensAt = 9 * hourMs;
const stretch = (8 * hourMs) / pastDay.length;

/** What every counter would have recorded on each of the past days, oldest first; the hall keeps Sundays. */
export function pastEvents({ clerks, timeZone, now }: PastOptions): Map<string, NewEvent[]> {
  const events = new Map<string, NewEvent[]>();
  const today = localDate(now, timeZone);
  for (let ago = pastDays; ago > 0; ago--) {
    const date = addDays(today, -ago);
    if (new Date(date).getUTCDay() === 0) continue;
    const opening = startOfDate(date, timeZone) + opensAt;
    const plan = planDay(1000 + ago, pastDay, clerks);
    for (const counter of new Set(plan.map((planned) => planned.counter))) {
      const lived = liveDay(
        plan.filter((planned) => planned.counter === counter),
        pastRules(counter, timeZone, opening),
        opening,
      );
      events.set(counter, [...(events.get(counter) ?? []), ...lived]);
    }
  }
  return events;
}

/** The instant of a planned day as the hall's clock had it. */
function stretched(at: number, opening: number): number {
  return Math.round(opening + (at - opening) * stretch);
}

function pastRules(counter: string, timeZone: string, opening: number): Rules {
  const writeInstant = (at: number) => toRfc3339(stretched(at, opening), timeZone);
  return { mode: 'called', profile: pastDay.profile, counter, ...demoTimings, newId: v7, writeInstant };
}

/** Lives one counter's day by the real rules, from dark to dark. */
function liveDay(plan: readonly PlannedInput[], rules: Rules, opening: number): NewEvent[] {
  const events: NewEvent[] = [];
  let state = initialState;

  function take(input: Parameters<typeof step>[1], now: number): void {
    const result = step(state, input, now, rules);
    state = result.state;
    for (const effect of result.effects) {
      if (effect.type !== 'record') continue;
      events.push({ type: effect.event, data: effect.data, at: stretched(effect.at ?? now, opening) });
    }
  }

  function tickUntil(until: number): void {
    for (let due = nextTick(state); due !== null && due <= until; due = nextTick(state)) take({ type: 'tick' }, due);
  }

  for (const { at, input } of plan) {
    tickUntil(opening + at);
    take(input, opening + at);
  }
  tickUntil(opening + pastDay.length + hourMs);
  return events;
}
