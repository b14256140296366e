import { cpSync } from 'node:fs';
import { systemClock } from '@manyi/hub/clock';
import { openDatabase } from '@manyi/hub/database/database';
import { openLedger } from '@manyi/hub/ledger/ledger';
import { rebuild } from '@manyi/hub/tallies/rebuild';
import { openTallies } from '@manyi/hub/tallies/store';
import Sqlite from 'better-sqlite3';
import { expect } from 'vitest';
import type { Api } from './api.ts';
import { temporaryFolder } from './folder.ts';

/** One entry of a ledger that came from a terminal. */
export interface Recorded {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly terminal: string;
  readonly outbox: string;
  readonly seq: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What terminals sent into the ledger of a hub that has stopped, by position. */
export function recordsOf(database: string, type?: string): Recorded[] {
  const sqlite = new Sqlite(database, { readonly: true });
  try {
    const rows = sqlite
      .prepare<[], Omit<Recorded, 'data'> & { data: string }>(
        `SELECT l.position, l.id, l.type, l.terminal, o.outbox, l.seq, l.data
         FROM ledger l JOIN outboxes o ON o.key = l.outbox_key ORDER BY l.position`,
      )
      .all();
    return rows
      .filter((row) => type === undefined || row.type === type)
      .map((row) => ({ ...row, data: JSON.parse(row.data) as Recorded['data'] }));
  } finally {
    sqlite.close();
  }
}

/** Fails unless a stopped hub kept, of everything that is folded from the ledger, what a copy of it makes anew. */
export function expectTallies(folder: string): void {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  const database = openDatabase(copy);
  const tables = ['tallies', 'services', 'ratings', 'duties'];
  const read = () =>
    Object.fromEntries(
      tables.map((table) => [table, database.sqlite.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5, 6`).all()]),
    );
  const kept = read();
  const ledger = openLedger(database, systemClock, (error) => {
    throw error;
  });
  rebuild(database, ledger, openTallies(database), () => 'Asia/Shanghai');
  const rebuilt = read();
  database.sqlite.close();
  expect(kept).toEqual(rebuilt);
}

/** A rating as `/ratings` gives it. */
export interface ListedRating {
  readonly position: number;
  readonly service: string;
  readonly counter: string;
  readonly clerk: string | null;
  readonly level: string;
  readonly unprompted: boolean;
}

/** Every rating that the hub shows, oldest first, page by page. */
export async function allRatings(api: Api): Promise<ListedRating[]> {
  const found: ListedRating[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: { items: ListedRating[]; next: string | null } = await api.get(`/ratings?limit=1000${query}`);
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return found.reverse();
}
