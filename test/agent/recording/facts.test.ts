import { type Facts, madeOf } from '@manyi/agent/recording/clips/facts';
import { expect, test } from 'vitest';

test.each([
  [-40, null],
  [0, 0],
  [1_000, 1_000],
  [1_001, null],
])('a press at %s ms of a clip of a second is told as %s', (pressedAtMs, told) => {
  const clip: Facts = {
    shape: 1,
    ...{ recording: '', state: 'waiting', service: null, duty: null, clerk: null, counter: null },
    ...{ startedAt: 0, durationMs: 1_000, pressedAtMs, bytes: 1, sha256: '', speechShare: null, peak: null },
    ...{ clippedShare: null, repaired: false, keep: 'all', rated: null, closes: 0, uploadUrl: null, why: null },
    home: null,
  };
  expect(madeOf(clip, String).pressedAtMs).toBe(told);
});
