import { type Droppable, isCrowded, toDrop } from '@manyi/agent/recording/clips/budget';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const room = { budget: 100, staying: 0, free: 1_000, leastFree: 100 };
const clip = (recording: string, rated: Droppable['rated'], startedAt: number, bytes = 20): Droppable => ({
  recording,
  rated,
  startedAt,
  bytes,
});
const clips = [
  clip('bad, old', 'bad', 1),
  clip('lost level', 'unknown', 2),
  clip('good, new', 'good', 9),
  clip('neutral', 'neutral', 3),
  clip('unrated, new', null, 8),
  clip('good, old', 'good', 4),
  clip('unrated, old', null, 5),
  clip('bad, new', 'bad', 6),
];
const names = (dropped: readonly Droppable[]) => dropped.map(({ recording }) => recording);

test('what fits, stays', () => expect(toDrop(clips, { ...room, budget: 160 })).toEqual([]));

test('the best-rated go first, and of equals the oldest', () => {
  expect(names(toDrop(clips, { ...room, budget: 10 }))).toEqual([
    'good, old',
    'good, new',
    'unrated, old',
    'unrated, new',
    'neutral',
    'bad, old',
    'bad, new',
    'lost level',
  ]);
  expect(names(toDrop(clips, { ...room, budget: 159 }))).toEqual(['good, old']);
  expect(names(toDrop(clips, { ...room, budget: 120 }))).toEqual(['good, old', 'good, new']);
});

test('what is being recorded takes its part, and the disk has to keep some room', () => {
  expect(names(toDrop(clips, { ...room, budget: 180, staying: 21 }))).toEqual(['good, old']);
  expect(names(toDrop(clips, { ...room, budget: 1_000, free: 65 }))).toEqual(['good, old', 'good, new']);
  expect(toDrop([], { ...room, free: 0 })).toEqual([]);
});

test('held clips crowd where others would not have to go without them', () => {
  const tight = { ...room, budget: 170, staying: 20 };
  expect(isCrowded(clips, tight, 20)).toBe(true);
  expect(isCrowded(clips, tight, 0)).toBe(false);
  expect(isCrowded(clips, { ...tight, budget: 180 }, 20)).toBe(false);
  // So many had to go anyway.
  expect(isCrowded(clips, { ...tight, budget: 160, staying: 15 }, 0)).toBe(false);
  expect(isCrowded(clips, { ...room, budget: 1_000, free: 90 }, 20)).toBe(true);
});

test('as few go as have to, and never a worse-rated one before a better', () => {
  const any = fc.record({
    recording: fc.uuid(),
    bytes: fc.integer({ min: 1, max: 50 }),
    rated: fc.constantFrom('good', 'neutral', 'bad', 'unknown', null),
    startedAt: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.array(any), fc.nat(300), fc.nat(300), (held, budget, free) => {
      const needs = { ...room, budget, free };
      const dropped = toDrop(held, needs);
      const sum = (some: readonly Droppable[]) => some.reduce((all, { bytes }) => all + bytes, 0);
      const fits = (gone: readonly Droppable[]) =>
        sum(held) - sum(gone) <= budget && free + sum(gone) >= needs.leastFree;
      expect(fits(dropped) || dropped.length === held.length).toBe(true);
      if (dropped.length > 0) expect(fits(dropped.slice(0, -1))).toBe(false);
      const kept = held.filter((one) => !dropped.includes(one));
      if (dropped.some(({ rated }) => rated === 'bad')) {
        expect(kept.every(({ rated }) => rated === 'bad' || rated === 'unknown')).toBe(true);
      }
    }),
  );
});
