import { expect, test } from 'vitest';
import { endOf, isLive } from './ear.ts';
import { openRoom } from './room.ts';

test('a clock that is set back neither lets it go on beyond the limit nor makes it shorter in the log', async () => {
  let aheadMs = 0;
  const room = await openRoom({ minutes: 0.03, now: () => Date.now() + aheadMs });
  await room.terminal();
  const { ear } = await room.listen();
  await ear.until(isLive);
  aheadMs = -3_600_000;
  expect(await ear.closed).toBe(1000);
  expect(endOf(ear)).toBe('limit');
  const [, end] = await room.log();
  expect(end?.lastedMs).toBeGreaterThanOrEqual(1_800);
});
