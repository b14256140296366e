import { type FileHandle, open } from 'node:fs/promises';
import { bytesPerSample, samplesPerSecond } from '@manyi/firmware/sound/format';
import type { Facts } from '../clips/facts.ts';
import { finished, type KeptClip } from '../clips/kept-clip.ts';
import { wholeOf } from '../clips/ogg.ts';
import type { Shelf } from '../clips/shelf.ts';
import { type Coder, startCoder } from './coder.ts';
import { createMeasure } from './measure.ts';

/** A clip that is being made: coded as it is recorded. */
export interface ClipWriter {
  readonly clip: KeptClip;
  /** Takes in whole samples. Rejects when the coder or the disk have failed; then `breakOff`. */
  take(audio: Buffer): Promise<void>;
  /** There is no more. Rejects as `take` does. */
  finish(): Promise<void>;
  /** Leaves what can be kept of it to be mended. Answers how many samples that is; with none, the clip has never been. */
  breakOff(): Promise<number>;
  /** It has never been. */
  discard(): Promise<void>;
}

/** A power cut takes at most what has come since the file was last synced. */
const syncEverySamples = 10 * samplesPerSecond;

export interface ClipWriterParts {
  readonly shelf: Shelf;
  readonly channels: number;
  /** Takes over a clip that is to be mended. */
  readonly cutOff: (clip: KeptClip) => void;
  /** Hears what a clip that is finished is like. */
  readonly recorded: (clip: Pick<Facts, 'speechShare' | 'durationMs'>) => void;
}

/** Begins a clip. Rejects, leaving nothing, when the disk does not take it or no coder can be started. */
export async function beginClip(
  { shelf, channels, cutOff, recorded }: ClipWriterParts,
  known: Facts,
): Promise<ClipWriter> {
  const clip = await shelf.add(known);
  const { file, coder } = await begin(clip.sound, channels).catch(async (error: unknown) => {
    await forget(shelf, clip);
    throw error;
  });
  const syncing = syncInTurn(file);
  const measure = createMeasure(channels);
  const unit = bytesPerSample * channels;
  let samples = 0;
  let synced = 0;
  async function leave(): Promise<void> {
    await coder.kill();
    await syncing.done().catch(() => {});
    await file.close().catch(() => {});
  }
  return {
    clip,
    async take(audio) {
      measure.hear(audio);
      await coder.code(audio);
      samples += audio.length / unit;
      if (samples - synced < syncEverySamples) return;
      synced = samples;
      syncing.ask();
    },
    async finish() {
      await coder.finish();
      await syncing.done();
      await close(file);
      const end = { ...(await finished(clip, samples)), ...measure.result() };
      recorded(end);
      // What the disk does not take now, the keeper asks it for again.
      await clip.change(end).catch(() => {});
    },
    async breakOff() {
      await leave();
      const left = await wholeOf(clip.sound).catch(() => null);
      if (left === null) await forget(shelf, clip);
      else {
        clip.note(measure.result());
        cutOff(clip);
      }
      return left?.samples ?? 0;
    },
    async discard() {
      await leave();
      await forget(shelf, clip);
    },
  };
}

async function begin(sound: string, channels: number): Promise<{ file: FileHandle; coder: Coder }> {
  const file = await open(sound, 'wx', 0o600);
  try {
    return { file, coder: startCoder(channels, file.fd) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Syncs a file while others go on: a card may take its time for it, and the sound does not wait. */
function syncInTurn(file: FileHandle): { ask(): void; done(): Promise<void> } {
  let last = Promise.resolve();
  let failed: unknown = null;
  let runs = false;
  return {
    /** Asked again while it is at it, that one will do. Throws what the last one failed with. */
    ask() {
      if (failed !== null) throw failed;
      if (runs) return;
      runs = true;
      last = file
        .datasync()
        .catch((error: unknown) => {
          failed = error;
        })
        .finally(() => {
          runs = false;
        });
    },
    async done() {
      await last;
      if (failed !== null) throw failed;
    },
  };
}

async function close(file: FileHandle): Promise<void> {
  await file.sync();
  await file.close();
}

async function forget(shelf: Shelf, clip: KeptClip): Promise<void> {
  shelf.drop(clip);
  await clip.remove().catch(() => {});
}
