import type { Completeness } from '@manyi/config/api';
import { addDays, startOfDate, startOfDay } from '@manyi/config/zone';
import type { CompletenessStore } from './store.ts';

/**
 * Whether everything has come that a terminal made.
 *
 * `expected` are the numbers of its outboxes that the hub knows of. Of them, `received` are in the ledger, and `missing` are neither
 * there nor in quarantine. `quarantined` is everything of the terminal that was put aside as unusable: the rest of the numbers,
 * and besides what came without a readable number or under one that was taken. So
 * `expected` = `received` + `missing` + the quarantined numbers.
 *
 * A number counts to the site-local day of its event, or of its arrival where the event could not be read. A number that the terminal
 * has told of and that has not come, because it waits there or is lost, belongs to no day yet and is missing today.
 * Asked for a site-local date (`YYYY-MM-DD`), or with null for all days.
 */
export type CompletenessOf = (terminal: string, zone: string, date: string | null) => Completeness;

export function createCompleteness(store: CompletenessStore, now: () => number): CompletenessOf {
  return (terminal, zone, date) => {
    const day = date === null ? null : startOfDate(date, zone);
    const isToday = day === null || day === startOfDay(now(), zone);
    const to = date === null ? Number.MAX_SAFE_INTEGER : startOfDate(addDays(date, 1), zone);
    const { received, quarantined, missing: lost, beyond } = store.delivered(terminal, day);
    const missing = lost + (isToday ? store.open(terminal) : 0);
    const unnumbered = store.unnumbered(terminal, day ?? 0, to) + beyond;
    return { expected: received + quarantined + missing, received, quarantined: quarantined + unnumbered, missing };
  };
}
