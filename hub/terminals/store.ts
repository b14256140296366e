import type { Database } from '../database/database.ts';
import type { EnrolmentsTable, TerminalsTable } from '../database/schema.ts';
import type { Fact } from '../ledger/entry.ts';
import type { Changes } from '../people/changes.ts';
import type { Scope } from '../people/pages.ts';

export type TerminalRow = TerminalsTable;
export type EnrolmentRow = EnrolmentsTable;

/** Where a terminal stands. */
export interface Place {
  readonly site: string;
  readonly counter: string;
  readonly terminal: string;
}

/** What a terminal last said of itself. */
export interface Heard {
  readonly terminal: string;
  readonly agent: string;
  readonly health: string;
  readonly at: number;
}

/** That a part failed, or came back. `at` is epoch milliseconds. */
export interface PartChange {
  readonly part: string;
  readonly state: string;
  readonly at: number;
  readonly detail: string | null;
}

/** Reads without waiting where a decision and the write after it must not be torn apart. */
export interface TerminalStore {
  terminal(id: string): TerminalRow | null;
  /** The site of a terminal, also of one that is gone and has left something behind; null of an id that nobody had. */
  siteOf(id: string): string | null;
  /** The terminals of a site, or of all. */
  terminals(scope: Scope, after: string, limit: number): Promise<TerminalRow[]>;
  /** Where every terminal stands. */
  places(): Place[];
  /** What the terminal told last of its parts, newest first, at most `limit`. */
  partChanges(terminal: string, limit: number): PartChange[];
  enrolment(codeHash: string): EnrolmentRow | null;
  addEnrolment(row: EnrolmentRow, fact: Fact): void;
  /** Forgets codes and answers that are of no use any more. */
  forgetEnrolments(useless: { expiredBy: number; usedBefore: number }): void;
  /** A code is used: its answer is kept for the nonce, and the terminal has a credential to come. */
  enrol(used: EnrolmentRow, credential: string, fact: Fact): void;
  /** The credential to come becomes the only one. */
  promote(terminal: string, credential: string, fact: Fact): void;
  move(terminal: string, counter: string, fact: Fact): void;
  revoke(terminal: string, fact: Fact): void;
  remove(terminal: string, fact: Fact): void;
  keepHeard(heard: readonly Heard[]): void;
}

export function createTerminalStore(database: Database, changes: Changes): TerminalStore {
  const { sqlite, query } = database;
  const one = sqlite.prepare<[string], TerminalRow>('SELECT * FROM terminals WHERE id = ?');
  const wrote = sqlite
    .prepare<[string], string>(
      'SELECT site FROM ledger JOIN outboxes ON key = outbox_key WHERE outboxes.terminal = ? AND site IS NOT NULL LIMIT 1',
    )
    .pluck();
  const sent = sqlite.prepare<[string], string>('SELECT site FROM quarantine WHERE terminal = ? LIMIT 1').pluck();
  const code = sqlite.prepare<[string], EnrolmentRow>('SELECT * FROM enrolments WHERE code_hash = ?');
  const all = sqlite.prepare<[], Place>('SELECT site, counter, id AS terminal FROM terminals');
  const changed = sqlite.prepare<[string, number], PartChange>(
    `SELECT data ->> 'part' AS part, data ->> 'state' AS state, time AS at, data ->> 'detail' AS detail
     FROM ledger INDEXED BY ledger_changes
     WHERE terminal = ? AND type = 'manyi.terminal.changed.v1' ORDER BY position DESC LIMIT ?`,
  );
  const hear = sqlite.prepare('UPDATE terminals SET agent = ?, health = ?, heard = ? WHERE id = ?');
  const hearAll = sqlite.transaction((heard: readonly Heard[]) => {
    for (const { agent, health, at, terminal } of heard) hear.run(agent, health, at, terminal);
  });
  const credentials = (terminal: string, values: { credential: string | null; next_credential: null }) =>
    query.updateTable('terminals').set(values).where('id', '=', terminal);

  return {
    terminal: (id) => one.get(id) ?? null,
    siteOf: (id) => one.get(id)?.site ?? wrote.get(id) ?? sent.get(id) ?? null,
    async terminals(scope, after, limit) {
      let rows = query.selectFrom('terminals').selectAll().where('id', '>', after).orderBy('id').limit(limit);
      if (scope !== null) rows = rows.where('site', 'in', [...scope]);
      return rows.execute();
    },
    places: () => all.all(),
    partChanges: (terminal, limit) => changed.all(terminal, limit),
    enrolment: (codeHash) => code.get(codeHash) ?? null,
    addEnrolment: (row, fact) => changes.commit(fact, query.insertInto('enrolments').values(row)),
    forgetEnrolments({ expiredBy, usedBefore }) {
      const unused = query.deleteFrom('enrolments').where('used', 'is', null).where('expires', '<=', expiredBy);
      changes.run(unused, query.deleteFrom('enrolments').where('used', '<=', usedBefore));
    },
    enrol({ code_hash, nonce, answer, used, site, counter, terminal }, credential, fact) {
      const spent = query.updateTable('enrolments').set({ nonce, answer, used }).where('code_hash', '=', code_hash);
      const values = { id: terminal, site, counter, credential: null, next_credential: credential };
      const placed = query
        .insertInto('terminals')
        .values({ ...values, agent: null, health: null, heard: null })
        .onConflict((clash) => clash.column('id').doUpdateSet({ counter, next_credential: credential }));
      changes.commit(fact, spent, placed);
    },
    promote: (terminal, credential, fact) =>
      changes.commit(fact, credentials(terminal, { credential, next_credential: null })),
    move: (terminal, counter, fact) =>
      changes.commit(fact, query.updateTable('terminals').set({ counter }).where('id', '=', terminal)),
    revoke(terminal, fact) {
      const open = query.deleteFrom('enrolments').where('terminal', '=', terminal);
      changes.commit(fact, open, credentials(terminal, { credential: null, next_credential: null }));
    },
    remove(terminal, fact) {
      const open = query.deleteFrom('enrolments').where('terminal', '=', terminal);
      changes.commit(fact, open, query.deleteFrom('terminals').where('id', '=', terminal));
    },
    keepHeard: (heard) => hearAll(heard),
  };
}
