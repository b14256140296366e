import type { EventType, eventData } from '@manyi/config/events';
import type { z } from 'zod';
import type { Effect } from './effects.ts';
import type { Rules } from './inputs.ts';
import type { Duty, Owner, State } from './state.ts';

/**
 * One step on its way: the state as it stands by now, and what has come of it. It lives within one call of `step` only; the
 * states in it are replaced, never changed.
 */
export interface Turn {
  state: State;
  readonly now: number;
  readonly rules: Rules;
  /** When what is being recorded happened, where that is not now. */
  at: number | null;
  readonly records: Effect[];
  readonly signals: Effect[];
}

type Recorded<T extends EventType> = Omit<z.input<(typeof eventData)[T]>, 'outbox' | 'seq' | 'clock'>;

/** Adds an event for the ledger. */
export function record<T extends EventType>(turn: Turn, event: T, data: Recorded<T>): void {
  turn.records.push({ type: 'record', event, data, ...(turn.at === null ? {} : { at: turn.at }) });
}

/** Adds something for the customer to see or hear. */
export function signal(turn: Turn, type: 'ask' | 'thank'): void {
  turn.signals.push({ type });
}

/** Replaces parts of the state. */
export function change(turn: Turn, parts: Partial<State>): void {
  turn.state = { ...turn.state, ...parts };
}

/** What an event says of a duty. */
export function dutyPlace(turn: Turn, duty: Duty): { duty: string; clerk: string; counter: string } {
  return { duty: duty.id, clerk: duty.clerk, counter: turn.rules.counter };
}

/** The counter and whoever is on duty there now: with nobody on duty, no clerk. */
export function presentOwner(turn: Turn): Omit<Owner, 'service'> {
  const { duty } = turn.state;
  return { duty: duty?.id ?? null, clerk: duty?.clerk ?? null, counter: turn.rules.counter };
}
