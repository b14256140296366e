import { createRing } from '@manyi/agent/recording/capture/ring';
import { createSampleClock } from '@manyi/agent/recording/capture/sample-clock';
import { bytesOf, samplesOf } from '@manyi/firmware/sound/format';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** Samples that say which they are. */
const numbered = (from: number, count: number, channels = 1) =>
  bytesOf(Int16Array.from({ length: count * channels }, (_, n) => (from * channels + n) % 30_000));

describe('the clock of samples', () => {
  test('believes the sample that came with the least delay', () => {
    const clock = createSampleClock();
    expect([clock.heardAt(0), clock.sampleAt(5)]).toEqual([null, null]);
    clock.come(2_000, 1_000 + 125 + 40);
    expect(clock.heardAt(0)).toBe(1_040);
    clock.come(4_000, 1_000 + 250);
    clock.come(6_000, 1_000 + 375 + 300);
    expect([clock.heardAt(0), clock.heardAt(16)]).toEqual([1_000, 1_001]);
    expect([clock.sampleAt(1_000), clock.sampleAt(1_500), clock.sampleAt(999)]).toEqual([0, 8_000, -16]);
  });

  test.each([200, -200])('follows a sound card that is %i ppm off through four hours', (ppm) => {
    const clock = createSampleClock();
    const msPerSample = (1 + ppm / 1e6) / 16;
    for (let samples = 2_000; samples < 4 * 3600 * 16_000; samples += 2_000) {
      // Now and then the machine is busy.
      clock.come(samples, samples * msPerSample + (samples % 14_000 === 0 ? 0 : 30));
    }
    const last = 4 * 3600 * 16_000;
    // Within what such a card drifts in the window.
    expect(Math.abs(Number(clock.heardAt(last)) - last * msPerSample)).toBeLessThan(5);
  });
});

describe('the ring', () => {
  test.each([1, 2])(
    'gives back what it heard, as long as it holds it, by number and by time: %i channels',
    (channels) => {
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 20 }), (lengths) => {
          const ring = createRing(channels, 1);
          let count = 0;
          for (const length of lengths) {
            ring.hear(numbered(count, length, channels), 5_000 + (count + length) / 16);
            count += length;
          }
          expect([ring.begin(), ring.end()]).toEqual([Math.max(0, count - 16_000), count]);
          const from = ring.begin();
          expect(ring.read(from, count).equals(numbered(from, count - from, channels))).toBe(true);
          expect(ring.heardAt(from)).toBeCloseTo(5_000 + from / 16, 6);
          expect(ring.sampleAt(5_000 + count / 16 + 1_000)).toBe(count + 16_000);
          expect(ring.read(from - 1, count).length).toBe(0);
          expect(ring.runEnd(from)).toBeNull();
        }),
      );
    },
  );

  test('holds what is on either side of a break apart', () => {
    const ring = createRing(1, 10);
    ring.hear(numbered(0, 1_600), 100);
    ring.breakOff();
    expect([ring.runEnd(0), ring.sampleAt(5_000)]).toEqual([1_600, 80_000]);
    ring.hear(numbered(1_600, 1_600), 1_100);
    expect(samplesOf(ring.read(1_000, 3_000)).length).toBe(600);
    expect(ring.read(1_600, 9_000).equals(numbered(1_600, 1_600))).toBe(true);
    expect([ring.heardAt(0), ring.heardAt(1_600)]).toEqual([0, 1_000]);
    // In the break there is nothing: what comes next is the first sample after it.
    expect([50, 99, 500, 1_000, 1_050].map(ring.sampleAt)).toEqual([800, 1_584, 1_600, 1_600, 2_400]);
    expect([ring.runEnd(10), ring.runEnd(1_600)]).toEqual([1_600, null]);
  });

  test('forgets a run that it no longer holds', () => {
    const ring = createRing(1, 1);
    ring.hear(numbered(0, 1_600), 100);
    ring.breakOff();
    ring.hear(numbered(1_600, 20_000), 10_000 + 1_250);
    expect(ring.begin()).toBe(5_600);
    expect([ring.sampleAt(0), ring.sampleAt(10_000)]).toEqual([1_600, 1_600]);
  });

  test('tells whoever waits of sound, of a break, and when asked', async () => {
    const ring = createRing(1, 1);
    for (const act of [() => ring.hear(numbered(0, 10), 1), ring.breakOff, ring.wake]) {
      const news = ring.news();
      act();
      await news;
    }
  });
});
