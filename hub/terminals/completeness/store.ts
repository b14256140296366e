import type { Database } from '../../database/database.ts';
import type { QuarantineTable } from '../../database/schema.ts';
import type { Scope } from '../../people/pages.ts';

/** What became of a terminal's numbers, and how much without a number of its own the quarantine had no room for (`beyond`). */
export interface Delivered {
  readonly received: number;
  readonly quarantined: number;
  readonly missing: number;
  readonly beyond: number;
}

export type QuarantineRow = Omit<QuarantineTable, 'id' | 'payload'> & { id: number; payload: Buffer };

export interface CompletenessStore {
  /** Of the site-local day that begins then; of all days when null. */
  delivered(terminal: string, day: number | null): Delivered;
  /** What is in quarantine that has no number of its own: none could be read, or it was taken. By arrival. */
  unnumbered(terminal: string, from: number, to: number): number;
  /** How many numbers the hub knows of and has neither received nor settled. */
  open(terminal: string): number;
  /** Newest first, below the id. */
  quarantine(scope: Scope, terminal: string | null, below: number, limit: number): Promise<QuarantineRow[]>;
  /** How much was refused at the door or put in quarantine, by reason. */
  counts(): { readonly refused: Count[]; readonly quarantined: Count[] };
}

export interface Count {
  readonly why: string;
  readonly count: number;
}

/** Of an outbox that has been left behind, only what was heard of counts: the rest came under new numbers. */
const openNumbers = `
  SELECT coalesce(sum(
    max(o.highest, CASE WHEN o.key = (SELECT max(key) FROM outboxes WHERE terminal = o.terminal) THEN o.next - 1 ELSE 0 END)
    - o.through
    - (SELECT count(*) FROM ledger WHERE outbox_key = o.key AND seq > o.through)
    - (SELECT coalesce(sum(last - first + 1), 0) FROM settled_numbers WHERE outbox_key = o.key AND first > o.through)
  ), 0)
  FROM outboxes o WHERE o.terminal = ?`;

export function createCompletenessStore({ sqlite, query }: Database): CompletenessStore {
  const sums = `SELECT coalesce(sum(received), 0) AS received, coalesce(sum(quarantined), 0) AS quarantined,
    coalesce(sum(missing), 0) AS missing, coalesce(sum(beyond), 0) AS beyond FROM deliveries WHERE terminal = ?`;
  const ever = sqlite.prepare<[string], Delivered>(sums);
  const ofDay = sqlite.prepare<[string, number], Delivered>(`${sums} AND day = ?`);
  const open = sqlite.prepare<[string], number>(openNumbers).pluck();
  const unnumbered = sqlite
    .prepare<[string, number, number], number>(
      `SELECT count(*) FROM quarantine WHERE terminal = ? AND arrived >= ? AND arrived < ?
       AND (outbox IS NULL OR reason = 'number-reused')`,
    )
    .pluck();
  const refused = sqlite.prepare<[], Count>('SELECT why, sum(count) AS count FROM refusals GROUP BY why');
  const quarantined = sqlite.prepare<[], Count>(
    `SELECT why, sum(count) AS count FROM (SELECT reason AS why, count(*) AS count FROM quarantine GROUP BY reason
     UNION ALL SELECT reason, count FROM quarantine_overflow) GROUP BY why`,
  );
  const nothing: Delivered = { received: 0, quarantined: 0, missing: 0, beyond: 0 };

  return {
    delivered: (terminal, day) => (day === null ? ever.get(terminal) : ofDay.get(terminal, day)) ?? nothing,
    unnumbered: (terminal, from, to) => unnumbered.get(terminal, from, to) ?? 0,
    open: (terminal) => Math.max(0, open.get(terminal) ?? 0),
    counts: () => ({ refused: refused.all(), quarantined: quarantined.all() }),
    async quarantine(scope, terminal, below, limit) {
      let rows = query.selectFrom('quarantine').selectAll().where('id', '<', below).orderBy('id', 'desc').limit(limit);
      if (scope !== null) rows = rows.where('site', 'in', [...scope]);
      if (terminal !== null) rows = rows.where('terminal', '=', terminal);
      return rows.execute();
    },
  };
}
