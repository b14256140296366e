import * as formulas from '@manyi/config/formulas';
import { profileIds, profiles } from '@manyi/config/profiles';
import { expect, test } from 'vitest';

for (const profile of profileIds) {
  for (const vector of profiles[profile].vectors) {
    test(`${profile}: ${vector.counts.join('/')} has the index ${vector.satisfactionIndex}`, () => {
      expect(formulas.satisfactionIndex(profile, vector.counts)).toBeCloseTo(vector.satisfactionIndex, 2);
      if (vector.mean !== undefined) expect(formulas.meanPoints(vector.counts)).toBeCloseTo(vector.mean, 2);
    });
  }
}

test('the Wilson interval of 9 of 10 is 0.596 … 0.982', () => {
  const [low, high] = formulas.wilsonInterval(9, 10) ?? [];
  expect(low).toBeCloseTo(0.596, 3);
  expect(high).toBeCloseTo(0.982, 3);
});

test('good and bad follow the polarity of the levels', () => {
  expect(formulas.satisfactionRate('four-key', [6, 2, 1, 1])).toBeCloseTo(0.8);
  expect(formulas.dissatisfactionRate('four-key', [6, 2, 1, 1])).toBeCloseTo(0.1);
  expect(formulas.satisfactionRate('five-level', [1, 1, 1, 1, 0])).toBeCloseTo(0.75);
  expect(formulas.dissatisfactionRate('five-level', [1, 1, 1, 1, 1])).toBeCloseTo(0.4);
});

test('every rate over nothing is null', () => {
  const none = [0, 0, 0, 0];
  expect(formulas.satisfactionRate('four-key', none)).toBeNull();
  expect(formulas.dissatisfactionRate('four-key', none)).toBeNull();
  expect(formulas.satisfactionIndex('four-key', none)).toBeNull();
  expect(formulas.meanPoints(none)).toBeNull();
  expect(formulas.wilsonInterval(0, 0)).toBeNull();
  expect(formulas.shrunkRate(0, 0, null)).toBeNull();
});

test('a clerk without ratings has the rate of the site, and many ratings outweigh it', () => {
  expect(formulas.shrunkRate(0, 0, 0.9)).toBeCloseTo(0.9);
  expect(formulas.shrunkRate(3, 3, 0.9)).toBeCloseTo((3 + 18) / 23);
  expect(formulas.shrunkRate(3000, 3000, 0.9)).toBeGreaterThan(0.999);
});
