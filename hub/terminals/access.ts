import { timingSafeEqual } from 'node:crypto';
import { hashSecret } from '../people/users/sessions.ts';
import { terminalFact } from './enrolment.ts';
import type { TerminalRow, TerminalStore } from './store.ts';

/** Where an enrolled terminal belongs. */
export interface EnrolledTerminal {
  readonly site: string;
  readonly terminal: string;
}

/**
 * Who a terminal's name and password belong to, on the broker and over HTTP alike: the first use of a new credential revokes the old
 * one. Null when refused, whichever part was wrong.
 */
export type Access = (username: string, password: string) => EnrolledTerminal | null;

export interface AccessParts {
  readonly store: TerminalStore;
  /** Is told when a terminal's old credential has been revoked. */
  readonly revoked: (terminal: string) => void;
}

export function createAccess({ store, revoked }: AccessParts): Access {
  function promote(row: TerminalRow, credential: string): void {
    const fact = terminalFact({ site: row.site, counter: row.counter, terminal: row.id }, 'credential-renewed', 'hub');
    store.promote(row.id, credential, fact);
    if (row.credential !== null) revoked(row.id);
  }

  return (username, password) => {
    const row = store.terminal(username);
    if (row === null) return null;
    const hash = hashSecret(password);
    const isNext = same(hash, row.next_credential);
    if (!isNext && !same(hash, row.credential)) return null;
    if (isNext) promote(row, hash);
    return { site: row.site, terminal: row.id };
  };
}

function same(hash: string, stored: string | null): boolean {
  return stored !== null && timingSafeEqual(Buffer.from(hash), Buffer.from(stored));
}
