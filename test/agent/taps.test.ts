import { createTaps } from '@manyi/agent/taps';
import { expect, it } from 'vitest';

it('ignores the same badge until it was away for 2 s', () => {
  let now = 0;
  const heard: string[] = [];
  const taps = createTaps(() => now);
  for (const [at, code] of [
    [0, 'a'],
    [1999, 'a'],
    [3998, 'a'],
    [4500, 'b'],
    [4600, 'a'],
    [6600, 'a'],
  ] as const) {
    now = at;
    if (!taps.isAgain(code)) heard.push(`${code} at ${now}`);
  }
  expect(heard).toEqual(['a at 0', 'b at 4500', 'a at 4600', 'a at 6600']);
  taps.forget();
  expect(taps.isAgain('a')).toBe(false);
});
