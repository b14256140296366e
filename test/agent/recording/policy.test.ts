import { closesAfter, decide, recollect } from '@manyi/agent/recording/clips/decision';
import { type Happening, type Order, type Owner, type Plan, standing, step } from '@manyi/agent/recording/policy';
import { initialState, type State } from '@manyi/agent/service/state';
import { lateRatingWithinMs } from '@manyi/config/limits';
import { recordingPolicy } from '@manyi/config/recordings';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const second = 1000;

function plan(record: 'off' | 'service' | 'around-rating', mode: 'called' | 'continuous' = 'called'): Plan {
  return { policy: recordingPolicy.parse({ record, beforeSeconds: 60, afterSeconds: 15 }), mode };
}

const owner = (service: string): Owner => ({ service, duty: null, clerk: 'C1', counter: 'counter-1' });
const started = (service: string, at: number): Happening => ({ type: 'started', owner: owner(service), at });
const ended = (service: string, at: number): Happening => ({ type: 'ended', service, at });
const rated = (service: string, at: number, unprompted = false): Happening => ({
  type: 'rated',
  owner: owner(service),
  unprompted,
  at,
});

interface Recorded {
  readonly service: string | null;
  readonly from: number;
  until: number | null;
  pressedAt: number | null;
}

/** What is recorded in the end when this happens. */
function recordedBy(how: Plan, happenings: readonly Happening[]): Recorded[] {
  const spans: Recorded[] = [];
  let state = standing(how, null);
  for (const happening of happenings) {
    const next = step(state, happening);
    state = next.state;
    for (const order of next.orders) carryOut(order, spans);
  }
  return spans.filter(({ from, until }) => until === null || until > from);
}

function carryOut(order: Order, spans: Recorded[]): void {
  if (order.order === 'begin') {
    const { owner: its, from, until, pressedAt } = order;
    spans.push({ service: its.service, from, until, pressedAt });
    return;
  }
  const latest = spans.at(-1);
  if (latest === undefined) throw new Error('nothing is being recorded');
  if (order.order === 'press') latest.pressedAt = order.at;
  else latest.until = Math.min(latest.until ?? order.at, order.at);
}

describe.each<[string, Plan, Happening[], Recorded[]]>([
  ['off', plan('off'), [started('a', 0), rated('a', 9), ended('a', 10)], []],
  [
    'service: from its start to its end, with the press in it',
    plan('service'),
    [started('a', 0), rated('a', 20 * second), ended('a', 30 * second), started('b', 30 * second)],
    [
      { service: 'a', from: 0, until: 30 * second, pressedAt: 20 * second },
      { service: 'b', from: 30 * second, until: null, pressedAt: null },
    ],
  ],
  [
    'service: a press after its end is no part of it',
    plan('service'),
    [started('a', 0), ended('a', 30 * second), rated('a', 40 * second)],
    [{ service: 'a', from: 0, until: 30 * second, pressedAt: null }],
  ],
  [
    'service: an unprompted press at a called site is not recorded',
    plan('service'),
    [started('a', 0), ended('a', 30 * second), rated('x', 200 * second, true)],
    [{ service: 'a', from: 0, until: 30 * second, pressedAt: null }],
  ],
  [
    'around a rating: from a minute before to a quarter after',
    plan('around-rating'),
    [started('a', 0), rated('a', 100 * second), ended('a', 105 * second)],
    [{ service: 'a', from: 40 * second, until: 115 * second, pressedAt: 100 * second }],
  ],
  [
    'around a rating: never before the service began, and cut where the next one does',
    plan('around-rating'),
    [started('a', 0), rated('a', 20 * second), ended('a', 25 * second), started('b', 25 * second)],
    [{ service: 'a', from: 0, until: 25 * second, pressedAt: 20 * second }],
  ],
  [
    'around a rating: a late press still reaches back to the start of its service',
    plan('around-rating'),
    [started('a', 0), ended('a', 30 * second), rated('a', 40 * second)],
    [{ service: 'a', from: 0, until: 55 * second, pressedAt: 40 * second }],
  ],
  [
    'around a rating: an unprompted press reaches back to the end of the last service',
    plan('around-rating'),
    [started('a', 0), ended('a', 100 * second), rated('x', 120 * second, true)],
    [{ service: 'x', from: 100 * second, until: 135 * second, pressedAt: 120 * second }],
  ],
  [
    'around a rating: an unrated service is not recorded',
    plan('around-rating'),
    [started('a', 0), ended('a', 100 * second)],
    [],
  ],
  ...(['service', 'around-rating'] as const).map((record): [string, Plan, Happening[], Recorded[]] => [
    `${record} at a continuous site: around each press, and never before the press of the one before`,
    plan(record, 'continuous'),
    [
      started('a', 100 * second),
      rated('a', 100 * second),
      ended('a', 100 * second),
      started('b', 110 * second),
      rated('b', 110 * second),
      ended('b', 110 * second),
    ],
    [
      { service: 'a', from: 40 * second, until: 110 * second, pressedAt: 100 * second },
      { service: 'b', from: 100 * second, until: 125 * second, pressedAt: 110 * second },
    ],
  ]),
  [
    'a continuous site: what was said before the invitation belongs to the rating',
    plan('service', 'continuous'),
    [started('a', 100 * second), rated('a', 110 * second), ended('a', 110 * second)],
    [{ service: 'a', from: 50 * second, until: 125 * second, pressedAt: 110 * second }],
  ],
  [
    'turned off in the middle of a service',
    plan('service'),
    [started('a', 0), { type: 'plan', plan: plan('off'), at: 10 * second }, rated('a', 20 * second)],
    [{ service: 'a', from: 0, until: 10 * second, pressedAt: null }],
  ],
  [
    'turned on in the middle of a service: its rest',
    plan('off'),
    [started('a', 0), { type: 'plan', plan: plan('service'), at: 10 * second }, ended('a', 20 * second)],
    [{ service: 'a', from: 10 * second, until: 20 * second, pressedAt: null }],
  ],
])('%s', (_what, how, happenings, expected) => {
  test('is recorded so', () => expect(recordedBy(how, happenings)).toEqual(expected));
});

test('a terminal that starts while a service is open records its rest', () => {
  const begun = step(standing(plan('off'), owner('a')), { type: 'plan', plan: plan('service'), at: 7 });
  expect(begun.orders).toEqual([{ order: 'begin', owner: owner('a'), from: 7, until: null, pressedAt: null }]);
});

/** A day at a called counter: services one after the other, some rated, some rated late. */
const day = fc.array(
  fc.record({
    gap: fc.nat(90 * second),
    length: fc.integer({ min: 1, max: 300 * second }),
    press: fc.option(fc.integer({ min: 0, max: 400 * second })),
  }),
  { maxLength: 12 },
);

function happeningsOf(services: readonly { gap: number; length: number; press: number | null }[]): Happening[] {
  let at = 0;
  return services.flatMap(({ gap, length, press }, n) => {
    const id = `s${n}`;
    const begin = at + gap;
    at = begin + length;
    const until = at + (services[n + 1]?.gap ?? 0);
    const happenings = [started(id, begin), ended(id, at)];
    if (press !== null && begin + press < until) happenings.push(rated(id, begin + press));
    return happenings.sort((a, b) => a.at - b.at);
  });
}

test.each(['service', 'around-rating'] as const)('%s: no sound of one customer is in the clip of another', (record) => {
  fc.assert(
    fc.property(day, (services) => {
      const happenings = happeningsOf(services);
      const starts = new Map(
        happenings.flatMap((one) => (one.type === 'started' ? [[one.owner.service, one.at]] : [])),
      );
      const times = [...starts.values()].map(Number);
      for (const { service, from, until, pressedAt } of recordedBy(plan(record), happenings)) {
        const begin = Number(starts.get(service));
        const next = Math.min(...times.filter((time) => time > begin));
        expect(from).toBeGreaterThanOrEqual(begin);
        if (Number.isFinite(next)) expect(until).toBeLessThanOrEqual(next);
        if (pressedAt !== null) expect(pressedAt >= from && pressedAt <= (until ?? pressedAt)).toBe(true);
      }
    }),
  );
});

describe('whether a clip is kept', () => {
  const clip = { service: 'a', keep: 'not-good', rated: null, closes: null } as const;
  test.each([
    ['keep all', { ...clip, keep: 'all' as const }, 'keep'],
    ['good', { ...clip, rated: 'good' as const }, 'discard'],
    ['neutral', { ...clip, rated: 'neutral' as const }, 'keep'],
    ['bad', { ...clip, rated: 'bad' as const }, 'keep'],
    ['a rating whose level a crash has swallowed', { ...clip, rated: 'unknown' as const }, 'keep'],
    ['not rated, the service still open', clip, 'wait'],
    ['not rated, a late press still possible', { ...clip, closes: closesAfter(0) }, 'wait'],
    ['not rated, and too late for it', { ...clip, closes: 10 }, 'discard'],
  ])('%s', (_what, deciding, verdict) => expect(decide(deciding, lateRatingWithinMs - 1)).toBe(verdict));

  const place = { ...owner('a'), counter: 'counter-1', profile: 'four-key', ticket: null, business: null } as const;
  const service = { place: { ...place, service: 'a', startedAt: null }, declined: false, invited: null, closes: null };
  const unrated = { place: service.place, invited: null, endedAt: 5, clerkAtEnd: 'C1' };
  const repeats = {
    why: 'repeat' as const,
    owner: { ...owner('a'), service: 'a', counter: '' },
    presses: {},
    until: 9,
  };
  test.each<[string, Partial<State>, { rated: unknown; closes: unknown }]>([
    ['its service goes on', { service: { ...service, rated: false, level: null } }, { rated: null, closes: null }],
    [
      'its service goes on, and was rated',
      { service: { ...service, rated: true, level: 'satisfied' } },
      { rated: 'good', closes: null },
    ],
    [
      'its service goes on, and was rated when that was not remembered yet',
      { service: { ...service, rated: true, level: null } },
      { rated: 'unknown', closes: null },
    ],
    ['its service was rated and over', { repeats }, { rated: 'unknown', closes: null }],
    ['its service was over, and may be rated late', { unrated }, { rated: null, closes: 5 + lateRatingWithinMs }],
    ['nothing is remembered of its service', {}, { rated: null, closes: 1_000 }],
  ])('after a restart: %s', (_what, remembered, expected) => {
    expect(recollect(clip, { ...initialState, ...remembered } as State, 1_000)).toEqual(expected);
    const known = { ...clip, rated: 'good' as const, closes: 3 };
    expect(recollect(known, { ...initialState, ...remembered } as State, 1_000)).toEqual({ rated: 'good', closes: 3 });
  });
});
