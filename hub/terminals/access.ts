import { timingSafeEqual } from 'node:crypto';
import { hashSecret } from '../people/users/sessions.ts';
import { terminalFact } from './enrolment.ts';
import type { TerminalRow, TerminalStore } from './store.ts';

/** Where an enrolled terminal belongs. */
export interface EnrolledTerminal {
  readonly site: string;
  readonly terminal: string;
}

/** Who a terminal's name and password belong to. */
export interface Access {
  /** For the broker: the first use of a new credential revokes the old one. Null when refused, whichever part was wrong. */
  authenticate(username: string, password: string): EnrolledTerminal | null;
  /** For HTTP: as above, but revokes nothing. */
  recognise(username: string, password: string): EnrolledTerminal | null;
}

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

  function find(username: string, password: string, use: boolean): EnrolledTerminal | null {
    const row = store.terminal(username);
    if (row === null) return null;
    const hash = hashSecret(password);
    const isNext = same(hash, row.next_credential);
    if (!isNext && !same(hash, row.credential)) return null;
    if (isNext && use) promote(row, hash);
    return { site: row.site, terminal: row.id };
  }

  return {
    authenticate: (username, password) => find(username, password, true),
    recognise: (username, password) => find(username, password, false),
  };
}

function same(hash: string, stored: string | null): boolean {
  return stored !== null && timingSafeEqual(Buffer.from(hash), Buffer.from(stored));
}
