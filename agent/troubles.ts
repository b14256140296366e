import type { EventType, Part } from '@manyi/config/events';
import type { HealthBook } from './health.ts';
import type { Log } from './log.ts';
import { StorageError } from './outbox/outbox.ts';

/** What goes wrong at a terminal, told where it can be told: log, health, and as events in the outbox. */
export interface Troubles {
  /** A local file was broken and has been replaced. May come before anything can be recorded: `flush` tells it then. */
  fileBroken(what: string): void;
  flush(): void;
  partFailed(part: Part, cause: string): void;
  /** Something was not stored. A disk that does not take it is a part that failed; anything else is a mistake of ours. */
  failed(error: unknown): void;
  /** Something was stored. */
  stored(): void;
}

export interface TroubleParts {
  readonly book: HealthBook;
  readonly log: Log;
  readonly record: (type: EventType, data: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly counter: () => string | null;
  /** The health has changed. */
  readonly onNews: () => void;
}

const longestDetail = 500;

export function createTroubles({ book, log, record, counter, onNews }: TroubleParts): Troubles {
  const untold: string[] = [];

  function tell(part: Part, state: 'failed' | 'restored', detail: string): void {
    const data = { counter: counter(), part, state, detail: detail.slice(0, longestDetail) };
    // What cannot be recorded is in the log and in the health already.
    record('manyi.terminal.changed.v1', data).catch(() => {});
  }

  return {
    fileBroken(what) {
      log.error(what);
      untold.push(what);
    },
    flush() {
      for (const what of untold.splice(0)) {
        tell('state', 'failed', what);
        tell('state', 'restored', 'a new file was begun');
      }
    },
    partFailed(part, cause) {
      if (!book.note(part, false)) return;
      log.error(`${part}: ${cause}`);
      tell(part, 'failed', cause);
      onNews();
    },
    failed(error) {
      if (!(error instanceof StorageError)) {
        log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      } else if (book.note('storage', false)) {
        log.error(error.message);
        onNews();
      }
    },
    stored() {
      if (!book.note('storage', true)) return;
      log.info('the disk takes events again');
      tell('storage', 'restored', 'the disk took nothing for a while');
      onNews();
    },
  };
}
