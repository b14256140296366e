import type { Logger } from 'pino';
import type { IngestStore } from './store.ts';

/** Knows whether the disk takes what is written. After a failure it tries every second, and says once when it is well again. */
export interface Storage {
  works(): boolean;
  /** A write failed; `dropped` messages were let go, which their terminals still hold. */
  failed(error: unknown, dropped: number): void;
  close(): void;
}

interface Parts {
  readonly store: IngestStore;
  readonly log: Logger;
  readonly onStorage: (works: boolean) => void;
}

const tryEveryMs = 1000;

export function watchStorage({ store, log, onStorage }: Parts): Storage {
  let timer: NodeJS.Timeout | null = null;

  const tryAgain = () => {
    try {
      store.probe();
    } catch {
      return;
    }
    if (timer !== null) clearInterval(timer);
    timer = null;
    log.info('the data folder can be written again: ratings are taken in again');
    onStorage(true);
  };

  return {
    works: () => timer === null,
    failed(error, dropped) {
      if (timer !== null) return;
      const cause = error instanceof Error ? error.message : String(error);
      log.error(
        { cause, dropped },
        `the data folder cannot be written (${cause}): nothing is taken in until it can; make room on the disk. Terminals keep their ratings`,
      );
      timer = setInterval(tryAgain, tryEveryMs);
      onStorage(false);
    },
    close() {
      if (timer !== null) clearInterval(timer);
    },
  };
}
