import type { PartFailure } from '@manyi/config/api';
import { part } from '@manyi/config/events';
import type { Health } from '@manyi/config/status';
import { toRfc3339 } from '@manyi/config/zone';
import type { PartChange } from './store.ts';

/**
 * The parts that a terminal's health says have failed, each with its last failure as the ledger has it: `changes` are newest first. That
 * may lack where it is still on its way.
 */
export function failuresOf(health: Health | null, changes: readonly PartChange[], zone: string): PartFailure[] {
  return part.options
    .filter((one) => health?.parts?.[one] === false)
    .map((one) => {
      const last = changes.find((change) => change.part === one);
      if (last?.state !== 'failed') return { part: one, since: null, detail: null };
      return { part: one, since: toRfc3339(last.at, zone), detail: last.detail };
    });
}

/** Whether a part has failed. */
export function isAmiss(health: Health | null): boolean {
  return part.options.some((one) => health?.parts?.[one] === false);
}
