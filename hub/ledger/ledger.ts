import type Sqlite from 'better-sqlite3';
import { v7 as newId } from 'uuid';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { announcements } from './announcements.ts';
import type { Entry, Fact, NewEntry } from './entry.ts';

/** Hears of entries after their commit, in the ledger's order, every entry once. */
export type CommitListener = (entries: readonly Entry[]) => void;

/** The append-only record of facts. Its position is the cursor of everything that follows it. */
export interface Ledger {
  /** The position of the newest entry that is committed and announced; 0 of an empty ledger. */
  readonly head: number;
  /** Up to `limit` entries after the position, in order, none beyond `head`. */
  read(after: number, limit: number): Entry[];
  /** Everything the ledger holds of a service, in order. */
  ofService(service: string): Entry[];
  /**
   * Adds facts of users and the hub; gives their positions. Alone it commits at once; inside an open transaction of the same
   * connection it commits with that one, and is announced after it.
   */
  append(facts: readonly Fact[]): number[];
  /** Calls back after every commit until the returned function is called. A listener that throws is reported and goes on. */
  onCommit(listener: CommitListener): () => void;
  /** For ingest, inside its own transaction: writes one entry. `committed` must follow. */
  write(entry: NewEntry): Entry;
  /** For ingest, right after its commit: announces what was written, and what others have committed before it. */
  committed(entries: readonly Entry[]): void;
}

interface Row extends Omit<Entry, 'called'> {
  readonly called: number;
}

const columns = 'position, id, type, time, arrived, site, terminal, counter, clerk, service, called, data';

/** Opens the ledger of a database. `onError` hears of listeners that throw. */
export function openLedger(database: Database, clock: Clock, onError: (error: unknown) => void): Ledger {
  const { sqlite } = database;
  const page = sqlite.prepare<[number, number, number], Row>(
    `SELECT ${columns} FROM ledger WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`,
  );
  const chain = sqlite.prepare<[string], Row>(`SELECT ${columns} FROM ledger WHERE service = ? ORDER BY position`);
  const newest = sqlite.prepare<[], number>('SELECT coalesce(max(position), 0) FROM ledger').pluck();
  const read = (after: number, upTo: number, limit: number) => page.all(after, upTo, limit).map(toEntry);
  const write = writer(sqlite);
  const told = announcements({ sqlite, head: newest.get() ?? 0, read, onError });

  const append = (facts: readonly Fact[]): number[] => {
    const now = clock.now();
    const writeAll = () => facts.map((fact) => write(fromFact(fact, now)));
    if (sqlite.inTransaction) {
      const entries = writeAll();
      told.later();
      return entries.map((entry) => entry.position);
    }
    const entries = sqlite.transaction(writeAll)();
    told.announce(entries);
    return entries.map((entry) => entry.position);
  };

  return {
    get head() {
      return told.head();
    },
    read: (after, limit) => read(after, told.head(), limit),
    ofService: (service) => chain.all(service).map(toEntry),
    append,
    onCommit: told.listen,
    write,
    committed: told.announce,
  };
}

function writer(sqlite: Sqlite.Database): (entry: NewEntry) => Entry {
  const insert = sqlite.prepare(
    `INSERT INTO ledger (id, type, time, arrived, site, terminal, counter, clerk, service, outbox_key, seq, claimed, called, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (entry) => {
    const { id, type, time, arrived, site, terminal, counter, clerk, service, called, data } = entry;
    const done = insert.run(
      id,
      type,
      time,
      arrived,
      site,
      terminal,
      counter,
      clerk,
      service,
      entry.outboxKey,
      entry.seq,
      entry.claimed,
      called ? 1 : 0,
      data,
    );
    const position = Number(done.lastInsertRowid);
    return { position, id, type, time, arrived, site, terminal, counter, clerk, service, called, data };
  };
}

function toEntry(row: Row): Entry {
  return { ...row, called: row.called === 1 };
}

function fromFact(fact: Fact, now: number): NewEntry {
  return {
    id: newId(),
    type: fact.type,
    time: fact.time ?? now,
    arrived: now,
    site: fact.site ?? null,
    terminal: fact.terminal ?? null,
    counter: fact.counter ?? null,
    clerk: fact.clerk ?? null,
    service: fact.service ?? null,
    outboxKey: null,
    seq: null,
    claimed: null,
    called: false,
    data: JSON.stringify(fact.data),
  };
}
