import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type JsonFile, openJsonFile } from '../../files/json-file.ts';
import { samplesPerMs } from '../capture/sample-clock.ts';
import { type Facts, facts, pressWithin } from './facts.ts';

/** A clip on the disk: its sound, and beside it what is known of it. */
export interface KeptClip {
  readonly recording: string;
  /** Where its sound lies. */
  readonly sound: string;
  readonly facts: () => Facts;
  /** Changes what is known, in memory at once. Resolves when it is on the disk; rejects, and `isSaved` is false, when it is not. */
  change(parts: Partial<Facts>): Promise<void>;
  /** The same without the disk. */
  note(parts: Partial<Facts>): void;
  readonly isSaved: () => boolean;
  /** Deletes it: what is known first, so that sound alone is a rest of something deleted. */
  remove(): Promise<void>;
}

/** Where the sound of a recording lies. */
export function soundPath(folder: string, recording: string): string {
  return join(folder, `${recording}.opus`);
}

function factsOf(folder: string, recording: string): string {
  return join(folder, `${recording}.json`);
}

/** Writes down a clip that begins. */
export async function newClip(folder: string, known: Facts): Promise<KeptClip> {
  const clip = keptClip(folder, known, await openJsonFile(factsOf(folder, known.recording), stored, null, () => {}));
  await clip.change({});
  return clip;
}

/** Finds a clip from an earlier run; null when nothing is known of it, or nothing that could be read. */
export async function findClip(
  folder: string,
  recording: string,
  onBroken: (what: string) => void,
): Promise<KeptClip | null> {
  const file = await openJsonFile(factsOf(folder, recording), stored, null, onBroken);
  return file.data?.recording === recording ? keptClip(folder, file.data, file) : null;
}

const stored = facts.nullable();
/** Read at once where a clip is read as a whole. */
const pieceBytes = 64 * 1024;

function keptClip(folder: string, begun: Facts, file: JsonFile<Facts | null>): KeptClip {
  const { recording } = begun;
  let known = begun;
  let saved = known;
  let last: Promise<void> = Promise.resolve();

  function note(parts: Partial<Facts>): void {
    const news = { ...known, ...parts };
    if (!isDeepStrictEqual(news, known)) known = news;
  }

  /** One write after the other, and the newest only once. */
  function save(): Promise<void> {
    const write = last.then(async () => {
      if (saved === known && file.data !== null) return;
      const now = known;
      await file.write(now);
      saved = now;
    });
    last = write.catch(() => {});
    return write;
  }

  return {
    recording,
    sound: soundPath(folder, recording),
    facts: () => known,
    change(parts) {
      note(parts);
      return save();
    },
    note,
    isSaved: () => saved === known,
    async remove() {
      await last;
      // The older copy first: it must not come back in the newer one's place.
      await rm(`${factsOf(folder, recording)}.previous`, { force: true });
      await rm(factsOf(folder, recording), { force: true });
      await rm(soundPath(folder, recording), { force: true });
    },
  };
}

/** What the end of a recording tells of a clip of so many samples. */
export async function finished(clip: KeptClip, samples: number): Promise<Partial<Facts> & Pick<Facts, 'durationMs'>> {
  const durationMs = Math.round(samples / samplesPerMs);
  const sound = await read(clip.sound);
  const pressedAtMs = pressWithin(clip.facts().pressedAtMs, durationMs);
  return { state: 'waiting', durationMs, pressedAtMs, ...sound };
}

/** Reads a file piece by piece into the same memory: as a stream, the pieces of a clip of four hours would lie about as ten megabytes more. */
async function read(path: string): Promise<Pick<Facts, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(pieceBytes);
  const file = await open(path, 'r');
  try {
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes, bytes);
      if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
      hash.update(piece.subarray(0, bytesRead));
      bytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}
