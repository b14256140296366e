import type { Damage } from '@manyi/config/recordings';
import type { Logger } from 'pino';
import { type Keep, keptName, NotKept } from './keep/keep.ts';
import { Unsound, unseal } from './keep/sealed.ts';
import type { ToldRecord } from './recording.ts';
import type { RecordingStore } from './store.ts';

/** Some bytes of a clip's sound, `to` excluded. */
export type Sound = (from: number, to: number) => AsyncGenerator<Buffer>;

/** The sound of stored clips. What cannot be read as it was makes the clip a damaged one, whoever reads it. */
export interface Sounds {
  /** Throws a 503 while recordings are off. */
  of(record: ToldRecord): Sound;
  /** Reads all of it: a clip that was damaged and can be read again is so no more. Throws a 503, and what the storage says. */
  check(record: ToldRecord): Promise<void>;
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
  function of({ recording, bytes }: ToldRecord): Sound {
    const seal = { key: key(), recording, length: bytes };
    return (from, to) =>
      watched(
        recording,
        unseal((start, end) => keep.read(keptName(recording), start, end), from, to, seal),
      );
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
    of,
    async check(record) {
      try {
        for await (const _ of of(record)(0, record.bytes));
      } catch (error) {
        if (damageOf(error) === null) throw error;
        return;
      }
      store.mended(record.recording);
    },
  };
}
