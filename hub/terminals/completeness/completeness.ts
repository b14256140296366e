import type { Completeness } from '@manyi/config/api';
import { startOfDate, startOfDay } from '@manyi/config/zone';
import type { CompletenessStore } from './store.ts';

/**
 * Whether everything has come that a terminal made.
 *
 * Every number of the terminal's outboxes counts once: `received` when the ledger holds its event, `quarantined` when the event was
 * unusable and is kept aside, `missing` otherwise; `expected` is their sum. What came without a readable number, or under one
 * that was taken, counts as quarantined too. A number counts to the site-local day of its event, or of its arrival where the event
 * could not be read. A number that the terminal has told of and that has not come, because it waits there or is lost, belongs to no day
 * yet and is missing today. Asked for a site-local date (`YYYY-MM-DD`), or with null for all days.
 */
export type CompletenessOf = (terminal: string, zone: string, date: string | null) => Completeness;

export function createCompleteness(store: CompletenessStore, now: () => number): CompletenessOf {
  return (terminal, zone, date) => {
    const day = date === null ? null : startOfDate(date, zone);
    const isToday = day === null || day === startOfDay(now(), zone);
    const { received, quarantined, missing: lost } = store.delivered(terminal, day);
    const missing = lost + (isToday ? store.open(terminal) : 0);
    return { expected: received + quarantined + missing, received, quarantined, missing };
  };
}
