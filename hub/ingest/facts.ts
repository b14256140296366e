import type { Fact } from '../ledger/entry.ts';
import type { Message } from './message.ts';
import type { Range } from './numbers.ts';

/** What the hub itself adds to the ledger about the numbers of a terminal, so that followers can raise an alert. */

/** Numbers that the terminal no longer holds and the hub never got. Data: `{outbox, first, last}`. */
export const numbersMissing = 'manyi.numbers.missing.v1';

/** Other events under numbers that are taken: a cloned or restored outbox. Data: `{outbox, seq, count}`, seq being the first of them. */
export const numberReused = 'manyi.number.reused.v1';

export function missingFact({ site, terminal, arrived }: Message, outbox: string, { first, last }: Range): Fact {
  return { type: numbersMissing, site, terminal, time: arrived, data: { outbox, first, last } };
}

export function reusedFact({ site, terminal, arrived }: Message, outbox: string, seq: number, count: number): Fact {
  return { type: numberReused, site, terminal, time: arrived, data: { outbox, seq, count } };
}
