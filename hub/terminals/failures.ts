import type { PartFailure } from '@manyi/config/api';
import { part } from '@manyi/config/events';
import type { Health } from '@manyi/config/status';
import { toRfc3339 } from '@manyi/config/zone';
import type { PartChange } from './store.ts';

/**
 * The parts that a terminal's health says have failed, each as the ledger has it: since when, and the cause that was told last, for it may
 * have changed meanwhile. `changes` are newest first. What is still on its way is null.
 */
export function failuresOf(health: Health | null, changes: readonly PartChange[], zone: string): PartFailure[] {
  return part.options
    .filter((one) => health?.parts?.[one] === false)
    .map((one) => {
      const told = changes.filter((change) => change.part === one);
      const worked = told.findIndex(({ state }) => state !== 'failed');
      const failed = worked < 0 ? told : told.slice(0, worked);
      const [last, first] = [failed[0], failed.at(-1)];
      if (last === undefined || first === undefined) return { part: one, since: null, detail: null };
      return { part: one, since: toRfc3339(first.at, zone), detail: last.detail };
    });
}

/** Whether a part has failed. */
export function isAmiss(health: Health | null): boolean {
  return part.options.some((one) => health?.parts?.[one] === false);
}
