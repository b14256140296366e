import type { Database } from '../../database/database.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { keyFact } from './fact.ts';
import { type KeyBook, take } from './keys.ts';

/** What is known of terminals' keys, folded out of the ledger, each entry once. */
export interface KeyStore {
  of(terminal: string): KeyBook | null;
  /** Takes in some of what the ledger holds beyond the last time; true when there may be more. Inside somebody else's transaction it leaves all for later. */
  takeSome(): boolean;
}

const pageSize = 500;
const mark = 'terminal-keys-read';

export function createKeyStore({ sqlite }: Database, ledger: Pick<Ledger, 'read'>): KeyStore {
  const find = sqlite.prepare<[string], string>('SELECT keys FROM terminal_keys WHERE terminal = ?').pluck();
  const keep = sqlite.prepare('INSERT OR REPLACE INTO terminal_keys (terminal, keys) VALUES (?, ?)');
  const forget = sqlite.prepare('DELETE FROM terminal_keys WHERE terminal = ?');
  const read = sqlite.prepare<[string], string>('SELECT value FROM hub_values WHERE name = ?').pluck();
  const note = sqlite.prepare('INSERT OR REPLACE INTO hub_values (name, value) VALUES (?, ?)');

  function of(terminal: string): KeyBook | null {
    const text = find.get(terminal);
    return text === undefined ? null : (JSON.parse(text) as KeyBook);
  }

  const takePage = sqlite.transaction((): boolean => {
    const entries = ledger.read(Number(read.get(mark) ?? 0), pageSize);
    const books = new Map<string, KeyBook | null>();
    for (const entry of entries) {
      const fact = entry.terminal === null ? null : keyFact(entry);
      if (entry.terminal === null || fact === null) continue;
      const known = books.get(entry.terminal);
      books.set(entry.terminal, take(known === undefined ? of(entry.terminal) : known, fact));
    }
    for (const [terminal, book] of books) {
      if (book === null) forget.run(terminal);
      else keep.run(terminal, JSON.stringify(book));
    }
    const last = entries.at(-1);
    if (last !== undefined) note.run(mark, String(last.position));
    return entries.length === pageSize;
  });

  return { of, takeSome: () => sqlite.open && (sqlite.inTransaction || takePage()) };
}
