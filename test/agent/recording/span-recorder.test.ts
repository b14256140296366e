import { createRing } from '@manyi/agent/recording/capture/ring';
import { type Beginning, recordSpan, type Span } from '@manyi/agent/recording/capture/span-recorder';
import type { KeptClip } from '@manyi/agent/recording/clips/kept-clip';
import { bytesOf, samplesOf } from '@manyi/firmware/sound/format';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** A sample a millisecond would do, but there are sixteen: the number of each of them tells when it was heard. */
const perMs = 16;
const numbered = (from: number, count: number) =>
  bytesOf(Int16Array.from({ length: count }, (_, n) => (from + n) % 30_000));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Made {
  readonly startedAt: number;
  samples: number[];
}

/** A coder that keeps what it is given, and fails after so many pieces, having kept all but the last of them. */
function studio(failures: readonly number[]) {
  const made: Made[] = [];
  const left = [...failures];
  return {
    made,
    async make({ startedAt }: Beginning) {
      const clip: Made = { startedAt, samples: [] };
      made.push(clip);
      let until = left.shift() ?? Number.POSITIVE_INFINITY;
      return {
        clip: { change: async () => {} } as unknown as KeptClip,
        async take(audio: Buffer) {
          if (--until < 0) throw new Error('the coder died');
          clip.samples.push(...samplesOf(audio));
        },
        finish: async () => {},
        breakOff: async () => clip.samples.length,
        async discard() {
          made.splice(made.indexOf(clip), 1);
        },
      };
    },
  };
}

const span = (from: number, until: number | null): Span => ({
  owner: { service: 'a', duty: null, clerk: null, counter: null },
  ...{ service: 'a', from, until, pressedAt: null, keep: 'all', rated: null, closes: null },
});

/** What comes of a span while sound comes in pieces of so many milliseconds, some with a break behind them. */
async function record(
  pieces: readonly { ms: number; gapMs: number; lateMs?: number }[],
  wanted: Span,
  failures: readonly number[],
): Promise<{ made: Made[]; heard: { at: number; sample: number }[] }> {
  const ring = createRing(1, 60);
  const { made, make } = studio(failures);
  const failed: unknown[] = [];
  let now = 0;
  const heard: { at: number; sample: number }[] = [];
  const take = recordSpan(wanted, {
    ring,
    make,
    now: () => now,
    onFailed: (error) => failed.push(error),
    onMissed: (ms) => failed.push(ms),
    onWell: () => {},
    onClip: () => {},
    isFull: () => false,
  });
  let count = 0;
  for (const { ms, gapMs, lateMs = 0 } of pieces) {
    for (let n = 0; n < ms * perMs; n += 1) heard.push({ at: now + n / perMs, sample: (count + n) % 30_000 });
    now += ms;
    ring.hear(numbered(count, ms * perMs), now + lateMs);
    count += ms * perMs;
    if (gapMs > 0) ring.breakOff();
    now += gapMs;
    await vi.advanceTimersByTimeAsync(ms + gapMs);
  }
  await vi.advanceTimersByTimeAsync(5_000);
  take.stop();
  await vi.advanceTimersByTimeAsync(100);
  await take.done;
  return { made, heard };
}

test('every sample of the span is in exactly one clip, whatever breaks, and every clip says when it began', async () => {
  const piece = fc.record({ ms: fc.integer({ min: 20, max: 400 }), gapMs: fc.constantFrom(0, 0, 0, 700) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 3, maxLength: 15 }),
      fc.nat(1_500),
      fc.option(fc.integer({ min: 1, max: 3_000 })),
      fc.array(fc.nat(6), { maxLength: 3 }),
      async (pieces, from, length, failures) => {
        const until = length === null ? null : from + length;
        const { made, heard } = await record(pieces, span(from, until), failures);
        const inside = heard.filter(({ at }) => at >= from && (until === null || at < until));
        expect(made.flatMap(({ samples }) => samples)).toEqual(inside.map(({ sample }) => sample));
        let done = 0;
        for (const { startedAt, samples } of made) {
          if (samples.length > 0) expect(Math.abs(startedAt - Number(inside[done]?.at))).toBeLessThanOrEqual(0.5);
          done += samples.length;
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('whatever is learnt of the delay meanwhile, no clip is empty, and each goes on with the sample after the one before', async () => {
  const piece = fc.record({ ms: fc.integer({ min: 20, max: 400 }), gapMs: fc.constant(0), lateMs: fc.nat(300) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 3, maxLength: 15 }),
      fc.nat(1_500),
      fc.integer({ min: 1, max: 3_000 }),
      fc.array(fc.nat(6), { maxLength: 3 }),
      async (pieces, from, length, failures) => {
        const { made } = await record(pieces, span(from, from + length), failures);
        const kept = made.flatMap(({ samples }) => samples);
        const first = kept[0] ?? 0;
        expect(kept).toEqual(kept.map((_, n) => (first + n) % 30_000));
        // Those that died with their first piece have never been; of the others none is empty.
        expect(made.filter(({ samples }) => samples.length === 0).length).toBeLessThanOrEqual(
          failures.filter((pieces) => pieces === 0).length,
        );
      },
    ),
    { numRuns: 100 },
  );
});

test('a coder that is slower than the sound: what does not fit is told, and every clip is of one piece, at its own time', async () => {
  const ring = createRing(1, 2);
  const made: Made[] = [];
  const missed: number[] = [];
  let now = 0;
  const take = recordSpan(span(0, null), {
    ring,
    async make({ startedAt }) {
      const clip: Made = { startedAt, samples: [] };
      made.push(clip);
      return {
        clip: { change: async () => {} } as unknown as KeptClip,
        async take(audio) {
          clip.samples.push(...samplesOf(audio));
          // Half as fast as the sound comes.
          await new Promise((resolve) => setTimeout(resolve, audio.length / perMs));
        },
        finish: async () => {},
        breakOff: async () => 0,
        discard: async () => {},
      };
    },
    now: () => now,
    onFailed: (error) => {
      throw error;
    },
    onMissed(ms, why) {
      expect(why).toBeNull();
      missed.push(ms);
    },
    onWell: () => {},
    onClip: () => {},
    isFull: () => false,
  });
  const lengthMs = 20_000;
  for (now = 100; now <= lengthMs; now += 100) {
    ring.hear(numbered((now - 100) * perMs, 100 * perMs), now);
    await vi.advanceTimersByTimeAsync(100);
  }
  take.stop();
  await vi.advanceTimersByTimeAsync(2 * lengthMs);
  await take.done;
  expect(made.length).toBeGreaterThan(2);
  let kept = 0;
  for (const { startedAt, samples } of made) {
    const first = startedAt * perMs;
    expect(samples).toEqual(samples.map((_, n) => (first + n) % 30_000));
    kept += samples.length / perMs;
  }
  expect(missed.length).toBe(made.length - 1);
  expect(kept + missed.reduce((sum, ms) => sum + ms, 0)).toBe(lengthMs);
});

test('a coder that comes back costs no more than the ring had lost by then, and a quarter of a minute', async () => {
  const ring = createRing(1, 30);
  const made: Made[] = [];
  const backAt = 33_000;
  let now = 0;
  const take = recordSpan(span(0, null), {
    ring,
    async make({ startedAt }) {
      if (now < backAt) throw new Error('there is no coder');
      const clip: Made = { startedAt, samples: [] };
      made.push(clip);
      return {
        clip: { change: async () => {} } as unknown as KeptClip,
        take: async (audio) => void clip.samples.push(...samplesOf(audio)),
        finish: async () => {},
        breakOff: async () => 0,
        discard: async () => {},
      };
    },
    now: () => now,
    onFailed: () => {},
    onMissed: () => {},
    onWell: () => {},
    onClip: () => {},
    isFull: () => false,
  });
  for (now = 100; now <= 80_000; now += 100) {
    ring.hear(numbered((now - 100) * perMs, 100 * perMs), now);
    await vi.advanceTimersByTimeAsync(100);
  }
  take.stop();
  await vi.advanceTimersByTimeAsync(100);
  await take.done;
  expect(made.map(({ samples }) => samples.length)).toEqual([80_000 * perMs - Number(made[0]?.startedAt) * perMs]);
  expect(made[0]?.startedAt).toBeLessThan(backAt - 30_000 + 15_000);
});

test('nothing is begun for a span without sound', async () => {
  expect((await record([{ ms: 300, gapMs: 0 }], span(5_000, null), [])).made).toEqual([]);
  expect((await record([{ ms: 300, gapMs: 0 }], span(100, 100), [])).made).toEqual([]);
});
