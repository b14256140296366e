import { keepOpen } from '@manyi/firmware/reopen';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Something that opens, or not, and is lost when told so; notes when it was opened. */
function device() {
  const begun = performance.now();
  const openedAt: number[] = [];
  let lose: (cause: string) => void = () => {};
  const self = {
    openedAt,
    there: true,
    closed: 0,
    lose: async (cause: string) => {
      lose(cause);
      await vi.advanceTimersByTimeAsync(0);
    },
    open: async () => {
      openedAt.push(Math.round(performance.now() - begun));
      if (!self.there) throw new Error('there is none');
      const ended = new Promise<string>((resolve) => {
        lose = resolve;
      });
      return { ended, close: () => void self.closed++ };
    },
  };
  return self;
}

it('opens what is not there less and less often, and says so once', async () => {
  const away = device();
  away.there = false;
  const line = keepOpen(away.open);
  const causes: string[] = [];
  line.onFailure((cause) => causes.push(cause));
  await vi.advanceTimersByTimeAsync(100_000);
  expect(away.openedAt).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000]);
  expect(causes).toEqual(['there is none']);
  line.close();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(away.openedAt).toHaveLength(8);
});

it('tells a loss and a return', async () => {
  const panel = device();
  const line = keepOpen(panel.open);
  const told: string[] = [];
  line.onFailure((cause) => told.push(cause));
  line.onRestored(() => told.push('back'));
  await vi.advanceTimersByTimeAsync(60_000);
  await panel.lose('the plug was pulled');
  expect(told).toEqual(['the plug was pulled']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual(['the plug was pulled', 'back']);
  expect(panel.closed).toBe(1);
  line.close();
  expect(panel.closed).toBe(2);
});

it('opens what comes and goes no more often than what is not there, until it has stayed', async () => {
  const loose = device();
  const line = keepOpen(loose.open);
  for (const waitMs of [1_000, 2_000, 4_000]) {
    await vi.advanceTimersByTimeAsync(500);
    await loose.lose('gone');
    await vi.advanceTimersByTimeAsync(waitMs);
  }
  expect(loose.openedAt).toEqual([0, 1_500, 4_000, 8_500]);
  await vi.advanceTimersByTimeAsync(30_000);
  await loose.lose('gone');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(loose.openedAt.at(-1)).toBe(39_500);
  line.close();
});

it('keeps one trouble apart from another, and works again when none is left', async () => {
  const panel = device();
  const line = keepOpen(panel.open);
  const told: string[] = [];
  line.onFailure((cause) => told.push(cause));
  line.onRestored(() => told.push('back'));
  await vi.advanceTimersByTimeAsync(0);
  line.trouble('its memory is worn', 'memory');
  line.trouble('a key is stuck', 'key');
  line.trouble('a key is stuck', 'key');
  line.trouble(null, 'key');
  line.trouble(null, 'key');
  expect(told.splice(0)).toEqual(['its memory is worn', 'a key is stuck', 'its memory is worn']);
  line.trouble(null, 'memory');
  expect(told.splice(0)).toEqual(['back']);
  line.trouble('a key is stuck', 'key');
  await panel.lose('the plug was pulled');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual(['a key is stuck', 'the plug was pulled', 'back']);
  line.close();
});
