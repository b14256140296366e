import type { Database } from '../database/database.ts';
import type { Fact } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Place } from './service.ts';
import { openTallies } from './store.ts';

/** A user's decision on a service: a fact of the ledger that changes what the service counts for. */
export interface Decision {
  readonly fact: Fact;
  readonly place: Omit<Place, 'position' | 'time'>;
  readonly zone: string;
}

/** Takes a decision into ledger and tallies, in one transaction. */
export type Decide = (decision: Decision) => void;

export function createDecide(database: Database, ledger: Ledger, now: () => number): Decide {
  const tallies = openTallies(database);
  const inOne = database.sqlite.transaction(({ fact, place, zone }: Decision) => {
    const time = now();
    const [position = 0] = ledger.append([{ ...fact, time }]);
    tallies.take(fact, { ...place, position, time }, zone);
    tallies.flush();
  });
  return (decision) => {
    try {
      inOne.immediate(decision);
    } catch (error) {
      tallies.discard();
      throw error;
    }
  };
}
