import { createJitterBuffer } from '@manyi/hub/web/listening/jitter';
import { expect, test } from 'vitest';

/** A thousand samples a second, so that one is a millisecond. */
const perSecond = 1000;
const ramp = (from: number, length: number) => Float32Array.from({ length }, (_, at) => from + at);

function open() {
  const buffer = createJitterBuffer(perSecond);
  return {
    buffer,
    push: (from: number, ms = 125) => buffer.push({ channels: [ramp(from, ms)], heardAt: 10_000 + from }),
    pull(ms: number) {
      const out = new Float32Array(ms).fill(-1);
      buffer.pull([out]);
      return [...out];
    },
  };
}

test('it begins when a fifth of a second has gathered, and plays every sample once', () => {
  const { buffer, push, pull } = open();
  push(1);
  expect(pull(10)).toEqual(new Array(10).fill(0));
  expect(buffer.heardAt()).toBeNull();
  push(126);
  expect(pull(200)).toEqual([...ramp(1, 200)]);
  expect(buffer.heardAt()).toBe(10_201);
  expect(buffer.bufferedMs()).toBe(50);
});

test('run dry it is silent, and gathers anew, a little more', () => {
  const { push, pull } = open();
  push(1);
  push(126);
  expect(pull(300)).toEqual([...ramp(1, 250), ...new Array(50).fill(0)]);
  push(251);
  expect(pull(10)).toEqual(new Array(10).fill(0));
  push(376);
  expect(pull(10)).toEqual([...ramp(251, 10)]);
  expect(pull(300)).toEqual([...ramp(261, 240), ...new Array(60).fill(0)]);
  push(501);
  push(626);
  expect(pull(10)).toEqual(new Array(10).fill(0));
  push(751);
  expect(pull(10)).toEqual([...ramp(501, 10)]);
});

test('what has become old is dropped, so that nobody is late for long', () => {
  const { buffer, push, pull } = open();
  for (let from = 1; from <= 1001; from += 125) push(from);
  expect(buffer.bufferedMs()).toBeLessThanOrEqual(500);
  const [first = 0] = pull(1);
  expect(1126 - first).toBeLessThanOrEqual(500);
});

test('two channels stay apart, and one is heard on both sides', () => {
  const buffer = createJitterBuffer(perSecond);
  const [left, right] = [new Float32Array(4), new Float32Array(4)];
  buffer.push({ channels: [ramp(1, 200), ramp(1001, 200)], heardAt: 0 });
  buffer.pull([left, right]);
  expect([...left, ...right]).toEqual([1, 2, 3, 4, 1001, 1002, 1003, 1004]);
  buffer.push({ channels: [ramp(500, 200)], heardAt: 0 });
  for (let pulled = 4; pulled < 204; pulled += 4) buffer.pull([left, right]);
  expect([...left]).toEqual([...right]);
});
