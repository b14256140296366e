import type { Damage } from '@manyi/config/recordings';
import type { Logger } from 'pino';
import { type Keep, keptName, NotKept } from './keep/keep.ts';
import { readLabel, Unsound, unseal } from './keep/sealed.ts';
import { type Label, parseLabel } from './label.ts';
import type { ToldRecord } from './recording.ts';
import type { RecordingStore } from './store.ts';

/** Some bytes of a clip's sound, `to` excluded. */
export type Sound = (from: number, to: number) => AsyncGenerator<Buffer>;

/** The sound of stored clips. What cannot be read as it was makes the clip a damaged one, whoever reads it. */
export interface Sounds {
  /** Throws a 503 while recordings are off. */
  of(record: ToldRecord): Sound;
  /** Whose clip the file of this name says that it is; null where it says nothing. Throws what reading it throws. */
  labelOf(recording: string): Promise<Label | null>;
  /**
   * Reads all of it: a clip that was damaged and can be read again is so no more. Throws a 503, what the storage says, and what `pace`, which
   * every piece waits for, throws.
   */
  check(record: ToldRecord, pace?: (bytes: number) => Promise<void>): Promise<void>;
}

export interface SoundsParts {
  readonly store: RecordingStore;
  readonly keep: Keep;
  /** Throws a 503 while there is none. */
  readonly key: () => Buffer;
  readonly now: () => number;
  readonly log: Logger;
}

/** What an error of reading a clip says of the clip; null where it says nothing of it. */
export function damageOf(error: unknown): Damage | null {
  if (error instanceof NotKept) return 'missing';
  return error instanceof Unsound ? 'changed' : null;
}

export function createSounds({ store, keep, key, now, log }: SoundsParts): Sounds {
  const readOf = (recording: string) => (from: number, to: number) => keep.read(keptName(recording), from, to);

  function part({ recording, bytes }: ToldRecord, from: number, to: number): AsyncGenerator<Buffer> {
    return unseal(readOf(recording), from, to, { key: key(), recording, length: bytes });
  }

  /** All of what is sealed, the label too. */
  async function* all(record: ToldRecord): AsyncGenerator<Buffer> {
    yield* part(record, 0, record.bytes);
    await readLabel(readOf(record.recording), { key: key(), recording: record.recording });
  }

  async function* watched(recording: string, sound: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* sound;
    } catch (error) {
      const damage = damageOf(error);
      if (damage !== null && store.damaged(recording, damage, now()))
        log.error({ err: error, recording }, 'a stored recording is damaged');
      throw error;
    }
  }

  return {
    of(record) {
      key();
      return (from, to) => watched(record.recording, part(record, from, to));
    },
    async labelOf(recording) {
      const text = await readLabel(readOf(recording), { key: key(), recording });
      return text === null ? null : parseLabel(text);
    },
    async check(record, pace = async () => {}) {
      try {
        for await (const piece of watched(record.recording, all(record))) await pace(piece.length);
      } catch (error) {
        if (damageOf(error) === null) throw error;
        return;
      }
      store.mended(record.recording);
    },
  };
}
