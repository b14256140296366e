import type { Keep } from './keep.ts';

/** Where clips lie, with what went wrong there last: null when the last try went well. */
export interface WatchedKeep extends Keep {
  trouble(): string | null;
}

/** Errors of the source, or of a clip that is not there, are none of the storage's: `isOurs` tells those that are. */
export function watchKeep(keep: Keep, isOurs: (error: unknown) => boolean): WatchedKeep {
  let trouble: string | null = null;

  async function watch<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      trouble = null;
      return result;
    } catch (error) {
      if (isOurs(error))
        trouble = `the storage of the recordings fails (${wordsOf(error)}): see that it has room and can be reached`;
      throw error;
    }
  }

  return {
    kind: keep.kind,
    put: (name, bytes, source) => watch(keep.put(name, bytes, source)),
    read: (name, from, to) => watch(keep.read(name, from, to)),
    remove: (name) => watch(keep.remove(name)),
    trouble: () => trouble,
  };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || error.name;
}
