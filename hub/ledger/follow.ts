import type { Entry } from './entry.ts';
import type { Ledger } from './ledger.ts';

/** A reader that did not keep up: it may come back with the position of the last entry it took. */
export class SlowReader extends Error {
  constructor(waiting: number) {
    super(`the reader left ${waiting} entries waiting`);
    this.name = 'SlowReader';
  }
}

export interface FollowOptions {
  /** The cursor: the first entry given is the next one. */
  readonly after: number;
  /** Ends the stream when aborted. */
  readonly signal: AbortSignal;
  /** Entries that may wait for the reader; more end the stream with `SlowReader`. */
  readonly maxWaiting?: number;
}

const pageSize = 500;

/**
 * Every entry after the cursor, in order, without gap or repeat, in groups that are never empty: first what the ledger holds,
 * then what is committed as it happens. Ends when the signal aborts; throws `SlowReader` when the reader falls behind.
 */
export async function* follow(ledger: Ledger, options: FollowOptions): AsyncGenerator<readonly Entry[]> {
  const { after, signal, maxWaiting = 10_000 } = options;
  let cursor = after;
  while (cursor < ledger.head && !signal.aborted) {
    const page = ledger.read(cursor, pageSize);
    cursor = page.at(-1)?.position ?? ledger.head;
    if (page.length > 0) yield page;
    await nextTurn();
  }
  // From the check above to this line nothing can commit: the ledger's head is the cursor, and the stream goes on from there.
  yield* live(ledger, signal, maxWaiting);
}

async function* live(ledger: Ledger, signal: AbortSignal, maxWaiting: number): AsyncGenerator<readonly Entry[]> {
  let waiting: Entry[] = [];
  let slow = 0;
  let wake = () => {};
  const stop = ledger.onCommit((entries) => {
    if (slow === 0) waiting = waiting.concat(entries);
    if (waiting.length > maxWaiting) {
      slow = waiting.length;
      waiting = [];
    }
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      if (slow > 0) throw new SlowReader(slow);
      if (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const entries = waiting;
      waiting = [];
      yield entries;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', onAbort);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
