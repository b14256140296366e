import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openTallies } from '../tallies/store.ts';
import { type BatchResult, openBatch } from './batch.ts';
import type { Message } from './message.ts';
import { openOutboxes } from './outboxes.ts';
import { openQuarantine } from './quarantine.ts';
import { fairQueue } from './queue.ts';
import { refusalCounter } from './refusals.ts';
import { retryQuarantine } from './retry.ts';
import { watchStorage } from './storage.ts';
import { openIngestStore } from './store.ts';
import { createTaker, isStorageError } from './taker.ts';
import type { AddressedReceipt, HeardStatus } from './work.ts';

/** Takes what terminals publish into the ledger, and answers with receipts once it is safe. */
export interface Ingest {
  /**
   * Takes a message in; it is safe only when its receipt goes out. Gives a promise where too much waits already: until it resolves
   * the sender should not be read from.
   */
  take(message: Message): Promise<void> | null;
  /** Counts a refusal of a terminal at the door. Written within a second. */
  countRefusal(terminal: string, why: string): void;
  /** Tries everything in quarantine again; gives how much of it is in the ledger now. For a start of the hub, before it listens. */
  retryQuarantine(): number;
  /** Takes in what still waits, then stops. */
  close(): Promise<void>;
}

export interface IngestOptions {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  /** Sends a receipt; called after the commit of every batch, for every outbox that it touched. */
  readonly sendReceipt: (receipt: AddressedReceipt) => void;
  /** Hears every status that was understood, after the commit of its batch. */
  readonly onStatus: (heard: HeardStatus) => void;
  /**
   * Hears `false` when the disk takes nothing more, and `true` when it does again. In between nothing is taken in: cut the terminals
   * off, so that they keep what they have.
   */
  readonly onStorage: (works: boolean) => void;
}

/** The largest transaction: short enough that nobody waits long behind somebody else's backlog. */
const batchSize = 1000;
/** How long the first message of a batch waits for others, in milliseconds. */
const gatherMs = 2;

export function startIngest(options: IngestOptions): Ingest {
  const { database, ledger, clock, log, sendReceipt, onStatus, onStorage } = options;
  const store = openIngestStore(database);
  const quarantine = openQuarantine(database);
  const tallies = openTallies(database);
  const batch = openBatch(database, { ledger, tallies, store, outboxes: openOutboxes(store), quarantine });
  const take = createTaker(batch, log);
  const queue = fairQueue();
  const refusals = refusalCounter(store, clock, (error) =>
    log.warn({ err: error }, 'refusals at the door could not be counted'),
  );
  const storage = watchStorage({ store, log, onStorage });
  let timer: NodeJS.Timeout | null = null;
  let soon: NodeJS.Immediate | null = null;

  /** What follows a commit: whatever goes wrong here, the batch is safe, and the next one must come. */
  const tell = (what: () => void) => {
    try {
      what();
    } catch (error) {
      log.error({ err: error }, 'a part of the hub failed after a batch was taken in');
    }
  };
  const announce = ({ receipts, statuses }: BatchResult) => {
    for (const receipt of receipts) tell(() => sendReceipt(receipt));
    for (const status of statuses) tell(() => onStatus(status));
  };

  /** One batch. While somebody else's transaction is open, it waits: what it wrote would not be safe yet. */
  const takeBatch = () => {
    if (database.sqlite.inTransaction) return;
    try {
      take(queue.take(batchSize), announce);
    } catch (error) {
      if (!isStorageError(error)) throw error;
      storage.failed(error, queue.drop());
    }
  };
  const next = () => {
    soon = null;
    timer = null;
    takeBatch();
    schedule();
  };
  const schedule = () => {
    if (queue.waiting === 0 || soon !== null) return;
    if (queue.waiting >= batchSize || database.sqlite.inTransaction) {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      soon = setImmediate(next);
    } else {
      timer ??= setTimeout(next, gatherMs);
    }
  };

  return {
    take(message) {
      if (!storage.works()) return null;
      queue.push(message);
      schedule();
      return queue.room(message.terminal);
    },
    countRefusal: refusals.count,
    retryQuarantine: () => retryQuarantine(quarantine, batch, log),
    async close() {
      while (queue.waiting > 0) {
        takeBatch();
        if (queue.waiting > 0) await new Promise((resolve) => setImmediate(resolve));
      }
      if (timer !== null) clearTimeout(timer);
      if (soon !== null) clearImmediate(soon);
      refusals.close();
      storage.close();
    },
  };
}
