import { keepOpen, type Opened } from '../reopen.ts';
import type { BadgeReader } from './contract.ts';

/** A reader that may come and go. */
export interface ReopenedBadgeReader extends BadgeReader {
  /** Calls the listener when a reader that had failed works again. */
  onRestored(listener: () => void): void;
}

/** What an open reader tells. */
export interface Reading {
  /** A badge was read, which also shows that whatever troubled the reader is over. */
  badge(code: string): void;
  /** Something is wrong, with one line of cause and mend; it may pass. */
  trouble(cause: string): void;
}

/** A reader out of any line to one. `open` rejects with an Error of one line. What is held before it is told as often as it is read. */
export function createReopenedBadgeReader(open: (reading: Reading) => Promise<Opened>): ReopenedBadgeReader {
  let listeners: ((code: string) => void)[] = [];
  const line = keepOpen(() =>
    open({
      badge(code) {
        line.trouble(null);
        for (const listener of listeners) listener(code);
      },
      trouble: (cause) => line.trouble(cause),
    }),
  );
  return {
    onBadge: (listener) => void listeners.push(listener),
    onFailure: line.onFailure,
    onRestored: line.onRestored,
    close() {
      listeners = [];
      line.close();
    },
  };
}
