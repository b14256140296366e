import fc from 'fast-check';

/** Contacts as a test plays them: times in hundredths of a millisecond for which a contact is closed and open in turn. */
export type Steps = readonly number[];

/** Steps that together are no longer than `total`, an even number of them. */
const bounce = (total: number) =>
  fc.array(fc.integer({ min: 1, max: 250 }), { maxLength: 40 }).map((steps) => {
    let sum = 0;
    const kept = steps.filter((step) => {
      sum += step;
      return sum <= total;
    });
    return kept.length % 2 === 0 ? kept : kept.slice(1);
  });

/** A press of 15 ms or more, with up to 5 ms of bounce at either end, and the pause after it. */
const pressOf = (longest: number, pause: { readonly min: number; readonly max: number }) =>
  fc
    .record({
      before: bounce(500),
      held: fc.integer({ min: 1500, max: longest }),
      after: bounce(500),
      pause: fc.integer(pause),
    })
    .map(({ before, held, after, pause }): Steps => {
      const sum = [...before, ...after].reduce((total, step) => total + step, 0);
      return [...before, held - sum, ...after.toReversed(), pause];
    });
export const press = pressOf(40_000, { min: 1600, max: 9000 });

/** The same, short enough to be played many times where time passes as ours does. */
export const quickPress = pressOf(2500, { min: 4000, max: 6000 });

/** A burst of interference: one to five pulses shorter than 4 ms, with a pause of any length after each. */
export const burst = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 399 }), fc.integer({ min: 1, max: 2000 })), { minLength: 1, maxLength: 5 })
  .map((pulses): Steps => pulses.flat());
