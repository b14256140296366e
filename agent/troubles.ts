import type { Part } from '@manyi/config/events';
import type { HealthBook } from './health.ts';
import type { Log } from './log.ts';
import { StorageError } from './outbox/outbox.ts';

/** A part that failed or came back, for the ledger. */
export interface Trouble {
  readonly part: Part;
  readonly state: 'failed' | 'restored';
  readonly detail: string;
}

/** What goes wrong at a terminal, told where it can be told: in the log, in the health, and for the ledger. */
export interface Troubles {
  /** A local file was broken and has been replaced. */
  fileBroken(what: string): void;
  /** A part has failed, or failed for another cause than was told last. */
  partFailed(part: Part, cause: string): void;
  partRestored(part: Part): void;
  /** Something was not stored. A disk that does not take it is a part that failed; anything else is a mistake of ours. */
  failed(error: unknown): void;
  /** Something was stored. */
  stored(): void;
  /** Tells the ledger, by way of `record`, what it has not been told yet. What cannot be recorded now is told the next time. */
  tellLedger(record: (trouble: Trouble) => Promise<void>): Promise<void>;
}

export interface TroubleParts {
  readonly health: HealthBook;
  readonly log: Log;
  /** The health has changed. */
  readonly onNews: () => void;
}

const longestDetail = 500;

export function createTroubles({ health, log, onNews }: TroubleParts): Troubles {
  const untold: Trouble[] = [];
  let telling = false;

  function tell(part: Part, state: Trouble['state'], detail: string): void {
    untold.push({ part, state, detail: detail.slice(0, longestDetail) });
  }

  function restored(part: Part, detail: string): void {
    if (!health.note(part, null)) return;
    log.info(`${part}: ${detail}`);
    tell(part, 'restored', detail);
    onNews();
  }

  return {
    // It may come before anything can be recorded: whoever records next asks for it.
    fileBroken(what) {
      log.error(what);
      tell('state', 'failed', what);
      tell('state', 'restored', 'a new file was begun');
    },
    partFailed(part, cause) {
      if (!health.note(part, cause)) return;
      log.error(`${part}: ${cause}`);
      tell(part, 'failed', cause);
      onNews();
    },
    partRestored: (part) => restored(part, 'it works again'),
    failed(error) {
      if (!(error instanceof StorageError)) {
        log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      } else if (health.note('storage', error.message)) {
        log.error(error.message);
        onNews();
      }
    },
    stored: () => restored('storage', 'the disk took nothing for a while, and takes events again'),
    async tellLedger(record) {
      if (telling) return;
      telling = true;
      try {
        for (let trouble = untold[0]; trouble !== undefined; trouble = untold[0]) {
          await record(trouble);
          untold.shift();
        }
      } catch {
        // Why it was not recorded is in the log and in the health.
      } finally {
        telling = false;
      }
    },
  };
}
