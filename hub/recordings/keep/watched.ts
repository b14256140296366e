import type { RecordingsTrouble } from '@manyi/config/recordings';
import { type Keep, NotKept } from './keep.ts';
import { whole } from './sealed.ts';

/** What the storage does not do, and the line that says what to do about it. */
export interface KeepTrouble {
  readonly trouble: Extract<RecordingsTrouble, 'storage' | 'storage-writes' | 'storage-deletes'>;
  readonly why: string;
}

/** Where clips lie, with what does not go well there: only the same thing going well ends that. */
export interface WatchedKeep extends Keep {
  /** The worst of what went wrong last; null when all goes well. */
  trouble(): KeepTrouble | null;
  /** Tries with a few bytes of its own whether it takes, gives and deletes: `trouble` has it then. Never rejects. */
  check(): Promise<void>;
}

type Act = 'read' | 'put' | 'remove';

const words: Readonly<
  Record<Act, { readonly trouble: KeepTrouble['trouble']; readonly say: (cause: string) => string }>
> = {
  read: {
    trouble: 'storage',
    say: (cause) => `the storage of the recordings fails (${cause}): see that it can be reached and read`,
  },
  put: {
    trouble: 'storage-writes',
    say: (cause) =>
      `the storage of the recordings takes nothing (${cause}): see that it has room and that the hub may write there`,
  },
  remove: {
    trouble: 'storage-deletes',
    say: (cause) => `the storage of the recordings deletes nothing (${cause}): see that the hub may delete there`,
  },
};
/** What is tried with, always the same: where nothing can be deleted, it is no more each time. */
const tried = 'check/hub.try';
const worstFirst: readonly Act[] = ['read', 'put', 'remove'];

/** A name that is not there is none of the storage's faults, and neither is what the source of a clip throws. */
export function watchKeep(keep: Keep, onTrouble: (why: string) => void): WatchedKeep {
  const failed = new Map<Act, string>();
  let checking: Promise<void> | null = null;

  function fails(act: Act, error: unknown): void {
    const why = words[act].say(causeOf(error));
    const isNew = !failed.has(act);
    failed.set(act, why);
    if (!isNew) return;
    onTrouble(why);
    void check();
  }

  async function put(name: string, bytes: number, source: AsyncIterable<Buffer>): Promise<void> {
    let isSourceBroken = false;
    async function* told(): AsyncGenerator<Buffer> {
      try {
        yield* source;
      } catch (error) {
        isSourceBroken = true;
        throw error;
      }
    }
    try {
      await keep.put(name, bytes, told());
      failed.delete('put');
    } catch (error) {
      if (!isSourceBroken) fails('put', error);
      throw error;
    }
  }

  async function read(name: string, from: number, to: number): Promise<AsyncIterable<Buffer>> {
    try {
      return told(await keep.read(name, from, to));
    } catch (error) {
      if (error instanceof NotKept) failed.delete('read');
      else fails('read', error);
      throw error;
    }
  }

  async function* told(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* bytes;
      failed.delete('read');
    } catch (error) {
      // One that is taken away while it is read.
      if (!(error instanceof NotKept)) fails('read', error);
      throw error;
    }
  }

  async function remove(name: string): Promise<void> {
    try {
      await keep.remove(name);
      failed.delete('remove');
    } catch (error) {
      fails('remove', error);
      throw error;
    }
  }

  async function tryAll(): Promise<void> {
    const bytes = Buffer.from('manyi');
    await put(tried, bytes.length, once(bytes)).catch(silently);
    await read(tried, 0, bytes.length).then(whole).catch(silently);
    await remove(tried).catch(silently);
  }

  function check(): Promise<void> {
    checking ??= tryAll().finally(() => {
      checking = null;
    });
    return checking;
  }

  return {
    kind: keep.kind,
    put,
    read,
    remove,
    names: () => keep.names(),
    free: () => keep.free(),
    check,
    trouble() {
      const worst = worstFirst.find((act) => failed.has(act));
      return worst === undefined ? null : { trouble: words[worst].trouble, why: failed.get(worst) ?? '' };
    },
  };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** What goes wrong is in the trouble already. */
function silently(): void {}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || error.name;
}
