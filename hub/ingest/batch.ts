import type { Database } from '../database/database.ts';
import type { Message } from './message.ts';
import { putAside } from './put-aside.ts';
import { readEvent } from './reading.ts';
import { takeEvent, type Verdict } from './take-event.ts';
import { takeStatus } from './take-status.ts';
import { type AddressedReceipt, type BatchParts, type HeardStatus, startWork, type Work } from './work.ts';

/** What follows the commit of a batch. */
export interface BatchResult {
  readonly receipts: readonly AddressedReceipt[];
  readonly statuses: readonly HeardStatus[];
  /** What became of each message. */
  readonly verdicts: readonly Verdict[];
}

/** Messages into the ledger, one transaction a call. Each throws with nothing changed, on disk or in memory. */
export interface Batch {
  /** Takes the messages in their order, and announces the new entries. */
  take(messages: readonly Message[]): BatchResult;
  /** Puts a message aside on which `take` failed. */
  putAside(message: Message, error: unknown): BatchResult;
}

export function openBatch(database: Database, parts: BatchParts): Batch {
  const { ledger, tallies, outboxes, quarantine } = parts;

  const inTransaction = (verdictsOf: (work: Work) => Verdict[]): BatchResult => {
    const work = startWork(parts);
    try {
      const result = database.sqlite.transaction(() => {
        const verdicts = verdictsOf(work);
        return { verdicts, receipts: work.finish(), statuses: work.statuses };
      })();
      ledger.committed(work.entries);
      return result;
    } catch (error) {
      tallies.discard();
      outboxes.forget();
      quarantine.forget();
      throw error;
    }
  };

  return {
    take: (messages) => inTransaction((work) => messages.map((message) => takeOne(message, work))),
    putAside: (message, error) => inTransaction((work) => [putAside(message, failure(message, error), work)]),
  };
}

function takeOne(message: Message, work: Work): Verdict {
  return message.channel === 'status' ? takeStatus(message, work) : takeEvent(message, work);
}

function failure(message: Message, error: unknown) {
  const reading = readEvent(message.payload);
  const number =
    'problem' in reading
      ? reading.problem.number
      : { outbox: reading.event.data.outbox, seq: reading.event.data.seq, id: reading.event.id };
  return { reason: 'failed', detail: error instanceof Error ? error.message : String(error), number } as const;
}
