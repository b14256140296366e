import type { Input } from '@manyi/agent/service/inputs';
import { nextTick } from '@manyi/agent/service/service';
import { profiles } from '@manyi/config/profiles';
import { reasonNames } from '@manyi/config/reasons';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Counter, createCounter, minute, second, type Told } from './counter.ts';

/** Whatever happens at a counter, in whatever order, and wherever the power fails. */

const faces = profiles['four-key'].levels.map(({ name }) => name);
const level = fc.constantFrom(...faces);
const clerk = fc.constantFrom('C1', 'C2', 'C3');
const ticket = fc.option(fc.constantFrom('A001', 'A002', 'A003'));

const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('press' as const), level }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('two-faces' as const), levels: fc.tuple(level, level) }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('next' as const), ticket, business: fc.constant(null) }),
  },
  { weight: 3, arbitrary: fc.constant({ type: 'invite' as const }) },
  { weight: 3, arbitrary: fc.constant({ type: 'clerk-key' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'end' as const }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('badge' as const), clerk }) },
  { weight: 2, arbitrary: fc.constant({ type: 'not-now' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('reason' as const), reason: fc.constantFrom(...reasonNames) }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'pause' as const, reason: null }) },
  { weight: 1, arbitrary: fc.constant({ type: 'resume' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'tick' as const }) },
);

type Move =
  | { readonly kind: 'input'; readonly after: number; readonly ticks: boolean; readonly input: Input }
  | { readonly kind: 'failure'; readonly ms: number };

const pauseBetween = fc.oneof(
  fc.integer({ min: 0, max: 4 * second }),
  fc.constantFrom(0, 3 * second, 10 * second, 20 * second, minute),
  fc.integer({ min: 0, max: 2 * minute }),
);

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant('input' as const),
      after: pauseBetween,
      // Now and then the machine sleeps through its ticks.
      ticks: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      input,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('failure' as const), ms: fc.integer({ min: 0, max: 15 * minute }) }),
  },
);

const day = fc.record({
  mode: fc.constantFrom('called' as const, 'continuous' as const),
  moves: fc.array(move, { minLength: 1, maxLength: 60 }),
});

interface Press {
  readonly when: number;
  readonly levels: readonly string[];
}

/** Lives the day, checking each step; afterwards everybody has gone and everything has run out. */
function live(mode: Counter['mode'], moves: readonly Move[]): { counter: Counter; presses: Press[] } {
  const counter = createCounter(mode);
  const presses: Press[] = [];
  for (const each of moves) {
    if (each.kind === 'failure') {
      counter.fail(each.ms);
    } else {
      if (each.ticks) counter.wait(each.after);
      else counter.sleep(each.after);
      if (each.input.type === 'press') presses.push({ when: counter.now, levels: [each.input.level] });
      if (each.input.type === 'two-faces') presses.push({ when: counter.now, levels: each.input.levels });
      checkEffects(counter.send(each.input));
    }
    checkDeadline(counter);
  }
  counter.wait(minute);
  counter.send({ type: 'end' });
  counter.wait(minute);
  if (counter.state.duty !== null) counter.badge(counter.state.duty.clerk);
  counter.wait(minute);
  return { counter, presses };
}

function checkDeadline(counter: Counter): void {
  const due = nextTick(counter.state);
  if (due !== null) expect(due).toBeGreaterThan(counter.now);
}

/** Records first; thanks exactly where a rating was recorded, and only after it. */
function checkEffects(effects: ReturnType<Counter['send']>): void {
  const kinds = effects.map((effect) => effect.type);
  const firstSignal = kinds.findIndex((kind) => kind !== 'record');
  if (firstSignal >= 0) expect(kinds.slice(firstSignal)).not.toContain('record');
  const ratings = effects.filter((effect) => effect.type === 'record' && effect.event === 'manyi.rating.given.v1');
  expect(kinds.filter((kind) => kind === 'thank')).toHaveLength(ratings.length);
  expect(ratings.length).toBeLessThanOrEqual(1);
}

function holds(check: (counter: Counter, presses: Press[], mode: Counter['mode']) => void): void {
  fc.assert(
    fc.property(day, ({ mode, moves }) => {
      const { counter, presses } = live(mode, moves);
      check(counter, presses, mode);
    }),
    { numRuns: 200 },
  );
}

function ownerOf(data: Told['data']): unknown[] {
  return [data.clerk, data.duty, data.counter];
}

function only(counter: Counter, name: string): Told[] {
  return counter.all.filter((told) => told.event === `manyi.${name}.v1`);
}

test('every service starts once and ends once, one at a time, with the outcome that its presses say', () => {
  holds((counter) => {
    let open: unknown = null;
    const rated = new Set<unknown>();
    const seen = new Set<unknown>();
    for (const { event, data } of counter.all) {
      const service = data.service;
      if (event === 'manyi.rating.given.v1') rated.add(service);
      if (event === 'manyi.service.started.v1') {
        expect([open, seen.has(service)]).toEqual([null, false]);
        seen.add(service);
        open = service;
      }
      if (event === 'manyi.service.ended.v1') {
        expect(service).toBe(open);
        expect(data.outcome === 'rated').toBe(rated.has(service));
        open = null;
      }
    }
    expect(open).toBeNull();
  });
});

test('a service has at most one rating; a rating is of the open service, a late one of the last, or unprompted', () => {
  holds((counter, _presses, mode) => {
    const rated = new Set<unknown>();
    const ended = new Map<unknown, number>();
    let open: unknown = null;
    for (const { event, data, when } of counter.all) {
      const service = data.service;
      if (event === 'manyi.service.started.v1') open = service;
      if (event === 'manyi.service.ended.v1') {
        ended.set(service, when);
        open = null;
      }
      if (event !== 'manyi.rating.given.v1') continue;
      expect(rated.has(service)).toBe(false);
      rated.add(service);
      if (service === open) continue;
      expect([open, mode]).toEqual([null, 'called']);
      if (data.unprompted === false) expect(when - (ended.get(service) ?? 0)).toBeLessThanOrEqual(minute);
      else expect(ended.has(service)).toBe(false);
    }
  });
});

test('every press is one rating, or in exactly one sum', () => {
  holds((counter, presses) => {
    const made = counts(presses.flatMap((press) => press.levels));
    const kept = counts(only(counter, 'rating.given').map(({ data }) => String(data.level)));
    for (const { data } of only(counter, 'press.ignored')) {
      const sums = data.presses as Record<string, number>;
      faces.forEach((face, index) => {
        kept[index] = (kept[index] ?? 0) + (sums[face] ?? 0);
      });
    }
    expect(kept).toEqual(made);
  });
});

test('presses that count nothing are told once a service and kind', () => {
  holds((counter) => {
    const keys = only(counter, 'press.ignored')
      .filter(({ data }) => data.service !== null)
      .map(({ data }) => `${data.service} ${data.why}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test('whatever is told of a service names the clerk and duty it began with', () => {
  holds((counter) => {
    const owners = new Map<unknown, unknown[]>();
    let present: unknown[] = [null, null, 'counter-1'];
    for (const { event, data } of counter.all) {
      if (event === 'manyi.duty.started.v1') present = ownerOf(data);
      if (event === 'manyi.duty.ended.v1') present = [null, null, 'counter-1'];
      const service = data.service;
      if (service === undefined || service === null) continue;
      const known = owners.get(service) ?? present;
      expect(ownerOf(data)).toEqual(known);
      owners.set(service, known);
    }
  });
});

test('duties follow each other, each begun and ended once, paused and resumed in turn', () => {
  holds((counter) => {
    let running: unknown = null;
    let paused = false;
    for (const { event, data } of counter.all) {
      const name = event.slice('manyi.'.length, -'.v1'.length);
      if (!name.startsWith('duty.')) continue;
      if (name === 'duty.started') expect(running).toBeNull();
      else expect(data.duty).toBe(running);
      if (name === 'duty.paused' || name === 'duty.resumed') expect(paused).toBe(name === 'duty.resumed');
      if (name === 'duty.started') running = data.duty;
      if (name === 'duty.ended') running = null;
      paused = name === 'duty.paused' || (paused && name !== 'duty.resumed' && name !== 'duty.ended');
    }
    expect(running).toBeNull();
  });
});

test('a reason is told once at most, for a service that was rated', () => {
  holds((counter) => {
    const rated = new Set<unknown>();
    const reasons = new Set<unknown>();
    for (const { event, data } of counter.all) {
      if (event === 'manyi.rating.given.v1') rated.add(data.service);
      if (event !== 'manyi.reason.given.v1') continue;
      expect([rated.has(data.service), reasons.has(data.service)]).toEqual([true, false]);
      reasons.add(data.service);
    }
  });
});

test('mashing makes one: without the clerk, presses closer than the lock-out never give two ratings', () => {
  const mashing = fc.array(fc.record({ after: fc.integer({ min: 0, max: 10 * second - 1 }), level }), { minLength: 1 });
  fc.assert(
    fc.property(fc.constantFrom('called' as const, 'continuous' as const), mashing, (mode, presses) => {
      const counter = createCounter(mode);
      counter.badge('C1');
      for (const press of presses) {
        counter.wait(press.after);
        counter.press(press.level);
      }
      expect(counter.told('rating.given')).toHaveLength(1);
    }),
  );
});

test('when everything has run out nothing is due, and nothing remains to be told', () => {
  holds((counter) => {
    expect(nextTick(counter.state)).toBeNull();
    expect({ ...counter.state, unrated: null }).toMatchObject({
      duty: null,
      service: null,
      repeats: null,
      waiting: null,
    });
  });
});

function counts(names: readonly string[]): number[] {
  return faces.map((face) => names.filter((each) => each === face).length);
}
