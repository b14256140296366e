import type { Database } from '../database/database.ts';
import { conflict } from '../errors.ts';
import type { Fact } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** A statement of a store that has not run yet. */
export interface Write {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] };
}

/** Changes of places, people and terminals, each in one transaction with its fact. */
export interface Changes {
  /**
   * Runs the writes and appends the fact, which carries no secrets. It does so in one go and never waits in between, because the connection is shared with the
   * ingest, whose transactions must not end up inside this one. Throws 409 when something with that id exists or is in use.
   */
  commit(fact: Fact, ...writes: readonly Write[]): void;
  /** Runs writes that are no fact of their own, such as sessions. Answers the number of rows changed. */
  run(...writes: readonly Write[]): number;
}

export function createChanges(database: Database, ledger: Pick<Ledger, 'append'>): Changes {
  const { sqlite } = database;

  function run(...writes: readonly Write[]): number {
    return writes.reduce((changed, write) => {
      const { sql, parameters } = write.compile();
      return changed + sqlite.prepare(sql).run(...parameters).changes;
    }, 0);
  }

  const inOne = sqlite.transaction((fact: Fact, writes: readonly Write[]) => {
    run(...writes);
    ledger.append([fact]);
  });

  return { run, commit: (fact, ...writes) => refuseClashes(() => inOne.immediate(fact, writes)) };
}

function refuseClashes(work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE')
      throw conflict('exists', 'it exists already');
    if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY')
      throw conflict('in-use', 'it belongs to something unknown, or something belongs to it');
    throw error;
  }
}

/** Something as it stands after a change; fields that the change leaves out stay. */
export function withChange<T extends object>(before: T, change: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(given) };
}
