import type { Database } from '../database/database.ts';
import type { Scope } from '../people/pages.ts';

/** An entry of the ledger that alerts. */
export interface AlertRecord {
  readonly position: number;
  readonly type: string;
  readonly time: number;
  readonly site: string;
  readonly terminal: string;
  readonly counter: string | null;
  readonly data: string;
}

export interface AlertStore {
  /** Newest first, below the position; `scope` and `terminal` null for all. */
  alerts(scope: Scope, terminal: string | null, below: number, limit: number): AlertRecord[];
}

export function createAlertStore({ sqlite }: Database): AlertStore {
  // The types stand as in the index `ledger_alerts`, which is found by that.
  const alerts = sqlite.prepare<[Record<string, unknown>], AlertRecord>(
    `SELECT position, type, time, site, terminal, nullif(counter, '') AS counter, data FROM ledger INDEXED BY ledger_alerts
     WHERE type IN ('manyi.numbers.missing.v1', 'manyi.number.reused.v1', 'manyi.outbox.voided.v1', 'manyi.terminal.changed.v1')
       AND position < @below AND (@terminal IS NULL OR terminal = @terminal)
       AND (@sites IS NULL OR site IN (SELECT value FROM json_each(@sites)))
       AND (type <> 'manyi.terminal.changed.v1' OR json_extract(data, '$.state') = 'failed')
     ORDER BY position DESC LIMIT @limit`,
  );
  return {
    alerts: (scope, terminal, below, limit) =>
      alerts.all({ sites: scope === null ? null : JSON.stringify(scope), terminal, below, limit }),
  };
}
