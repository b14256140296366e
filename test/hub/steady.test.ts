import { createSteady } from '@manyi/hub/steady';
import { expect, test } from 'vitest';

test('what lasts goes on where the clock is set back, and with the clock where that is ahead', () => {
  let clock = 1_000_000;
  const steady = createSteady({ now: () => clock });
  const count = performance.now();
  const begun = steady();
  clock -= 3_600_000;
  const back = steady();
  expect(back).toBeGreaterThanOrEqual(begun);
  clock += 60_000;
  const ahead = steady();
  expect(ahead - back).toBeCloseTo(60_000);
  // Looked at often, it is as long as the machine counts.
  for (let times = 0; times < 1000; times += 1) steady();
  expect(steady() - begun - 60_000).toBeLessThanOrEqual(performance.now() - count);
});
