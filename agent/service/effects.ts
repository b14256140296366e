import type { EventType } from '@manyi/config/events';

/**
 * What the rules want done. `record` goes into the outbox in the transaction that stores the new state; the others follow
 * the commit, in this order. `data` is the event's data without its outbox fields. `at` (epoch milliseconds) stands where it
 * did not happen just now: what a failure of the terminal broke off ended when the terminal was last known to run.
 */
export type Effect =
  | {
      readonly type: 'record';
      readonly event: EventType;
      readonly data: Readonly<Record<string, unknown>>;
      readonly at?: number;
    }
  /** Ask for a rating by voice and lamps. */
  | { readonly type: 'ask' }
  /** Thank the customer, in the same way whatever was pressed. */
  | { readonly type: 'thank' };
