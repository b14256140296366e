import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { framesOf, levelsOf } from '@manyi/firmware/microphone/levels';
import { bytesOf, samplesOf } from '@manyi/firmware/sound/format';
import { expect, test } from 'vitest';
import { find } from '../../firmware/likeness.ts';
import { decoded, hears, learntMs, openBooth, samplesIn, soundFile, speech, told } from './booth.ts';

/** What the microphone hears in the time of these tests, to look for a clip in it. */
const heard = speech.subarray(0, 2 * 16_000 * 7);

test('a service leaves a clip of what was said, with its exact start, length and press', async () => {
  const booth = await openBooth();
  const { terminal, folder } = booth;
  await hears(booth, 0.3);
  await terminal.input({ type: 'next' });
  await hears(booth, 1.5);
  await terminal.input({ type: 'press', level: 'dissatisfied' });
  await hears(booth, 1);
  await terminal.input({ type: 'end' });
  const [clip] = await booth.until((clips) => clips[0]?.state === 'announced');
  await terminal.close();
  if (clip === undefined) throw new Error('no clip');

  const file = soundFile(folder, clip);
  const sound = decoded(file);
  const bytes = readFileSync(file);
  expect(clip).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  expect(clip.durationMs).toBe(Math.round(sound.length / 2 / 16));
  // About 24 kbit/s.
  expect((8 * bytes.length) / clip.durationMs).toBeLessThan(32);

  // The sound is that of the original, from one end to the other.
  const { at, likeness } = find(sound, heard);
  expect(likeness).toBeGreaterThan(0.9);
  const original = levelsOf(framesOf(heard.subarray(2 * at, 2 * at + sound.length), 1));
  expect(Math.abs(Number(clip.peak) - original.peak)).toBeLessThan(0.01);
  expect(Math.abs(Number(clip.speechShare) - original.speechShare)).toBeLessThan(0.1);
  expect(clip.clippedShare).toBe(0);

  // Its times are those of the service and of the press.
  const [service] = told(folder, 'service.started');
  const [rating] = told(folder, 'rating.given');
  const [end] = told(folder, 'service.ended');
  const [made] = told(folder, 'recording.made');
  expect(made?.data).toEqual({
    service: service?.data['service'],
    ...{ duty: null, clerk: null, counter: 'counter-1', recording: clip.recording },
    startedAt: service?.data['startedAt'],
    ...{ durationMs: clip.durationMs, bytes: bytes.length, sha256: clip.sha256, mediaType: 'audio/ogg' },
    pressedAtMs: clip.pressedAtMs,
    ...{ speechShare: clip.speechShare, peak: clip.peak, clippedShare: 0, repaired: false },
  });
  const since = (one: typeof end) => Number(one?.happened) - Number(service?.happened);
  expect(Math.abs(Number(clip.pressedAtMs) - since(rating))).toBeLessThan(learntMs);
  expect(Math.abs(clip.durationMs - since(end))).toBeLessThan(learntMs);
});

test('around a rating: sound from before the press, but none from before the service', async () => {
  const booth = await openBooth({ policy: { record: 'around-rating', beforeSeconds: 1, afterSeconds: 1 } });
  const { terminal, folder } = booth;
  await hears(booth, 1);
  await terminal.input({ type: 'next' });
  await hears(booth, 0.5);
  await terminal.input({ type: 'press', level: 'satisfied' });
  const [early] = await booth.until((clips) => clips[0]?.state === 'announced');
  await terminal.input({ type: 'next' });
  await hears(booth, 1.5);
  await terminal.input({ type: 'press', level: 'average' });
  await hears(booth, 0.3);
  // The next customer cuts what comes after the press.
  await terminal.input({ type: 'next' });
  const [, late] = await booth.until((clips) => clips[1]?.state === 'announced');
  await terminal.close();

  const started = told(folder, 'service.started');
  const [first, second] = told(folder, 'rating.given');
  if (early === undefined || late === undefined) throw new Error('no clips');
  expect(early.startedAt).toBe(started[0]?.happened);
  expect(Math.abs(early.startedAt + early.durationMs - Number(first?.happened) - 1_000)).toBeLessThan(learntMs);
  expect(late.startedAt).toBe(Number(second?.happened) - 1_000);
  expect(Math.abs(Number(late.pressedAtMs) - 1_000)).toBeLessThan(learntMs);
  expect(Math.abs(late.startedAt + late.durationMs - Number(started[2]?.happened))).toBeLessThan(learntMs);
  for (const clip of [early, late]) {
    const file = soundFile(folder, clip);
    expect(clip.durationMs).toBe(Math.round(samplesIn(file) / 16));
    expect(find(decoded(file), heard).likeness).toBeGreaterThan(0.9);
  }
});

/** A clip of a service in which the microphone hears such sound. */
async function clipOf(sound: Buffer) {
  const booth = await openBooth({ sound });
  await hears(booth, 0.3);
  await booth.terminal.input({ type: 'next' });
  await hears(booth, 1.5);
  await booth.terminal.close();
  const [clip] = booth.clips();
  if (clip === undefined) throw new Error('no clip');
  return { clip, kept: decoded(soundFile(booth.folder, clip)) };
}

test('of a microphone that is set too high a clip tells how much was out of its reach, and of silence that there was nothing to hear', async () => {
  const loud = bytesOf(samplesOf(speech).map(saturated));
  const { clip, kept } = await clipOf(loud);
  const { at } = find(kept, loud);
  const original = levelsOf(framesOf(loud.subarray(2 * at, 2 * at + kept.length), 1));
  expect(original.clippedShare).toBeGreaterThan(0.1);
  expect(Math.abs(Number(clip.clippedShare) - original.clippedShare)).toBeLessThan(0.02);
  expect(clip.peak).toBe(1);

  expect((await clipOf(Buffer.alloc(speech.length))).clip).toMatchObject({ speechShare: 0, peak: 0, clippedShare: 0 });
});

/** A hundred times as loud, as far as 16 bits reach. */
const saturated = (sample: number) => Math.max(-32_768, Math.min(32_767, 100 * sample));

test('two channels stay two: the clerk and the customer on a line each', async () => {
  const both = Buffer.alloc(2 * speech.length);
  const [one, other] = [samplesOf(speech), samplesOf(Buffer.from(speech)).reverse()];
  for (const [n, sample] of one.entries()) {
    both.writeInt16LE(sample, 4 * n);
    both.writeInt16LE(other[n] ?? 0, 4 * n + 2);
  }
  const booth = await openBooth({ sound: both, channels: 2 });
  await hears(booth, 0.3);
  await booth.terminal.input({ type: 'next' });
  await hears(booth, 1.5);
  await booth.terminal.close();
  const [clip] = booth.clips();
  if (clip === undefined) throw new Error('no clip');
  const sound = samplesOf(decoded(soundFile(booth.folder, clip)));
  expect(clip.durationMs).toBe(Math.round(sound.length / 2 / 16));
  for (const [channel, original] of [one, other].entries()) {
    const line = sound.filter((_, n) => n % 2 === channel);
    expect(find(bytesOf(line), bytesOf(original)).likeness).toBeGreaterThan(0.9);
  }
});
