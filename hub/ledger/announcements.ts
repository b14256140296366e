import type Sqlite from 'better-sqlite3';
import type { Entry } from './entry.ts';
import type { CommitListener } from './ledger.ts';

interface Parts {
  readonly sqlite: Sqlite.Database;
  readonly head: number;
  /** Up to `limit` entries between two positions, the first excluded. */
  readonly read: (after: number, upTo: number, limit: number) => Entry[];
  readonly onError: (error: unknown) => void;
}

export interface Announcements {
  head(): number;
  listen(listener: CommitListener): () => void;
  /** Entries that are committed now. Whatever lies between them and the last announcement is read and told first. */
  announce(entries: readonly Entry[]): void;
  /** Something was written inside somebody else's transaction: tell it once that has ended. */
  later(): void;
}

const pageSize = 1000;

/**
 * Tells listeners of commits, in the ledger's order, each entry once: entries are handed on as they are where they follow the
 * last announcement directly, and read back where somebody else's transaction has committed others before them.
 */
export function announcements({ sqlite, head: start, read, onError }: Parts): Announcements {
  const listeners = new Set<CommitListener>();
  let head = start;
  let waiting = false;

  const tell = (entries: readonly Entry[]) => {
    const last = entries.at(-1);
    if (last === undefined) return;
    head = last.position;
    for (const listener of listeners) {
      try {
        listener(entries);
      } catch (error) {
        onError(error);
      }
    }
  };

  const catchUp = () => {
    const next = () => read(head, Number.MAX_SAFE_INTEGER, pageSize);
    for (let page = next(); page.length > 0; page = next()) tell(page);
  };

  const afterTransaction = () => {
    if (sqlite.open && sqlite.inTransaction) {
      setImmediate(afterTransaction);
      return;
    }
    waiting = false;
    if (sqlite.open) catchUp();
  };

  return {
    head: () => head,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    announce: (entries) => {
      const last = entries.at(-1);
      if (last === undefined) return;
      if (last.position === head + entries.length) tell(entries);
      else catchUp();
    },
    later: () => {
      if (waiting) return;
      waiting = true;
      setImmediate(afterTransaction);
    },
  };
}
