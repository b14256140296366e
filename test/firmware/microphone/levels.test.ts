import { framesOf, levelsOf } from '@manyi/firmware/microphone/levels';
import { bytesOf, samplesOf, samplesPerSecond } from '@manyi/firmware/sound/format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { speak } from '../sound-server.ts';

const seconds = (count: number, sample: (n: number) => number) =>
  bytesOf(Int16Array.from({ length: count * samplesPerSecond }, (_, n) => sample(n)));
const sine = (hertz: number, height: number) => (n: number) =>
  Math.round(height * 32_767 * Math.sin((2 * Math.PI * hertz * n) / samplesPerSecond));
/** Noise that is the same at every run. */
function noise(height: number): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return Math.round(height * 32_767 * ((2 * seed) / 2_147_483_647 - 1));
  };
}
const levels = (audio: Buffer, channels = 1) => levelsOf(framesOf(audio, channels));

/** Half a minute of somebody who speaks. */
const speech = (() => {
  const folder = makeFolder();
  const words =
    'Good morning, I would like to pay this bill. I moved house in March, and it still goes to my old address. ' +
    'Could you tell me what I have to sign, and whether the deposit comes back to my account?';
  const { audio } = speak(folder, words);
  removeFolder(folder);
  return audio;
})();
const quieter = (audio: Buffer, decibels: number) =>
  bytesOf(samplesOf(audio).map((sample) => Math.round(sample * 10 ** (decibels / 20))));
const together = (one: Buffer, other: () => number) => bytesOf(samplesOf(one).map((sample) => sample + other()));

describe('the level', () => {
  it('of silence is −96 dBFS, and nothing is clipped', () =>
    expect(levels(seconds(1, () => 0))).toEqual({ ms: 1000, level: -96, peak: 0, clippedShare: 0, speechShare: 0 }));
  it('of nothing at all is that of silence', () =>
    expect(levels(Buffer.alloc(0))).toMatchObject({ ms: 0, level: -96 }));
  it('of a full sine is −3 dBFS, its peak 1', () => {
    const { level, peak } = levels(seconds(1, sine(440, 1)));
    expect(level).toBeCloseTo(-3.01, 1);
    expect(peak).toBeCloseTo(1, 2);
  });
  it('of a tenth of the height is 20 dB less', () =>
    expect(levels(seconds(1, sine(440, 0.1))).level).toBeCloseTo(-23.01, 1));
  it('takes all channels together', () => {
    const left = samplesOf(seconds(1, sine(440, 0.1)));
    const both = bytesOf(
      Int16Array.from({ length: 2 * left.length }, (_, n) => (n % 2 === 0 ? (left[n / 2] ?? 0) : 0)),
    );
    expect(levels(both, 2)).toMatchObject({ ms: 1000 });
    expect(levels(both, 2).level).toBeCloseTo(-26.02, 1);
  });
  it('never lies outside its range, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 640, maxLength: 4_000 }), (bytes) => {
        const { level, peak, clippedShare, speechShare } = levels(Buffer.from(bytes));
        expect(level >= -96 && level <= 0).toBe(true);
        for (const part of [peak, clippedShare, speechShare]) expect(part >= 0 && part <= 1).toBe(true);
      }),
    );
  });
});

it('counts what the converter could not reach', () => {
  const over = seconds(1, (n) => Math.max(-32_768, Math.min(32_767, 2 * sine(440, 1)(n))));
  // Of a sine cut at half its height, two thirds of the time are at the rails.
  expect(levels(over).clippedShare).toBeCloseTo(2 / 3, 2);
});

describe('the share of speech', () => {
  it.each([
    ['loud', speech],
    ['20 dB quieter', quieter(speech, -20)],
    ['over a fan', together(quieter(speech, -6), noise(0.01))],
  ])('is most of it where somebody speaks: %s', (_how, audio) =>
    expect(levels(audio).speechShare).toBeGreaterThan(0.5),
  );

  it.each([
    ['silence', seconds(5, () => 0)],
    ['a tone', seconds(5, sine(440, 0.3))],
    ['a fan', seconds(5, noise(0.1))],
    ['hum', seconds(5, sine(50, 0.2))],
    ['the beeps of a till', seconds(5, (n) => (n % 16_000 < 4_000 ? sine(1_000, 0.3)(n) : 0))],
    ['knocks', seconds(5, (n) => (n % 8_000 < 200 ? 20_000 : 0))],
    ['speech too far away', quieter(speech, -45)],
  ])('is none in %s', (_what, audio) => expect(levels(audio).speechShare).toBeLessThan(0.03));

  it('tells how much of a clip is speech', () => {
    const half = Buffer.concat([speech, Buffer.alloc(speech.length)]);
    expect(levels(half).speechShare).toBeCloseTo(levels(speech).speechShare / 2, 1);
  });
});
