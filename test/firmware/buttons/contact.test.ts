import { createContact, dueAt, edge, openContact, settle } from '@manyi/firmware/buttons/contact';
import { createKeys, stuckAfterMs } from '@manyi/firmware/buttons/keys';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { burst, press, type Steps } from '../bounce.ts';
import { hesitantPresses, recordedPresses } from '../recorded-bounce.ts';

/** When presses begin in a trace of times at which the contact closes and opens in turn, if it is then left alone. */
function presses(times: readonly number[]): number[] {
  let state = openContact;
  const out: number[] = [];
  const take = (step: ReturnType<typeof settle>) => {
    state = step.state;
    if (step.pressedAt !== null) out.push(step.pressedAt);
  };
  for (const [n, at] of times.entries()) {
    // The timer looks when it is due, unless an edge comes first.
    const due = dueAt(state);
    if (due !== null && due <= at) take(settle(state, due));
    take(edge(state, n % 2 === 0, at));
  }
  take(settle(state, Number.POSITIVE_INFINITY));
  return out;
}

/** When the contact closes and opens, in milliseconds. */
function times(steps: Steps): number[] {
  let at = 0;
  return [0, ...steps].map((step) => {
    at += step;
    return at / 100;
  });
}

describe('a contact', () => {
  it('misses none of 10,000 presses of 15 ms or more, whatever their bounce, and counts none twice', () => {
    fc.assert(
      fc.property(fc.array(press, { minLength: 100, maxLength: 100 }), (all) => {
        expect(presses(times(all.flat()).slice(0, -1))).toHaveLength(100);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  it('takes none of 100,000 bursts of interference for a press', () => {
    fc.assert(
      fc.property(fc.array(burst, { minLength: 1000, maxLength: 1000 }), (all) => {
        expect(presses(times(all.flat()).slice(0, -1))).toEqual([]);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  it('tells each press of a real button once, as it was recorded, and one whose contact opened for long as two', () => {
    const told = (all: readonly Steps[]) => all.map((steps) => presses(times(steps).slice(0, -1)).length);
    expect(told(recordedPresses)).toEqual(recordedPresses.map(() => 1));
    expect(told(hesitantPresses)).toEqual(hesitantPresses.map(() => 2));
    expect(presses(times(recordedPresses.flat()).slice(0, -1))).toHaveLength(recordedPresses.length);
  });

  it('dates a press to when its contact closed for good', () => expect(presses([0, 1, 2, 20])).toEqual([2]));
  it('does not need its timer in time', () => expect(presses([0, 20, 100, 130])).toEqual([0, 100]));
});

describe('at work', () => {
  let clock = 0;
  const now = () => clock;
  const pass = (ms: number) => {
    for (let n = 0; n < ms; n++) {
      clock++;
      vi.advanceTimersByTime(1);
    }
  };
  beforeEach(() => {
    clock = 0;
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  it('tells a press by itself while the key is still down', () => {
    const heard: number[] = [];
    const contact = createContact(now, (at) => heard.push(at));
    contact.edge(true, 0);
    pass(10);
    expect(heard).toEqual([0]);
    contact.close();
  });

  it('does not take a key for pressed that was down from the beginning', () => {
    const heard: number[] = [];
    const contact = createContact(now, (at) => heard.push(at));
    contact.begin(true);
    pass(50);
    contact.edge(false, now());
    pass(50);
    expect(heard).toEqual([]);
    contact.edge(true, now());
    pass(50);
    expect(heard).toEqual([100]);
  });

  it('tells of a key that stays down, by its name, and when it is free again', () => {
    const told: (string | null)[] = [];
    const keys = createKeys({
      names: ['GPIO17', 'GPIO27'],
      now,
      pressed: () => {},
      trouble: (cause) => told.push(cause),
    });
    keys.edge(1, true, now());
    pass(stuckAfterMs - 1);
    expect(told).toEqual([]);
    pass(1);
    expect(told).toEqual(['the key at GPIO27 has been down for a minute: free it, or look for a short in its wiring']);
    keys.edge(1, false, now());
    expect(told).toHaveLength(2);
    expect(told[1]).toBeNull();
    keys.close();
  });
});
