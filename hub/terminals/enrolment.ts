import { randomInt } from 'node:crypto';
import type { Enrolled } from '@manyi/config/api';
import { conflict } from '../errors.ts';
import type { Fact } from '../ledger/entry.ts';
import { hashSecret, newSecret } from '../people/users/sessions.ts';
import type { EnrolmentRow, Place, TerminalStore } from './store.ts';

/** The way of a terminal into the hub: an administrator makes a code, the terminal trades it for its credential. */
export interface Enrolments {
  /**
   * Makes a code that works once, for half an hour. For a terminal that is there already it stands for a new credential.
   * Throws 409 when the terminal belongs to another site, or did before it was removed.
   */
  issue(place: Place, by: string): { code: string; expires: number };
  /**
   * Trades a code for a credential. The same nonce gets the same answer for a quarter of an hour, so that an answer lost on the
   * way can be asked for again. Null for a code that is unknown, expired or used alike.
   */
  enrol(code: string, nonce: string, broker: string): Enrolled | null;
  /** Forgets the answers that nobody may ask for again, and with them the credentials that stand in them. */
  forget(): void;
}

/** How long a code works, and how long its answer can be asked for again, in milliseconds. */
const codeMs = 30 * 60 * 1000;
const answerMs = 15 * 60 * 1000;

export interface EnrolmentParts {
  readonly store: TerminalStore;
  readonly rosterKey: string;
  readonly now: () => number;
  /** Is told of every terminal that has been placed. */
  readonly placed: (terminal: string) => void;
}

export function createEnrolments({ store, rosterKey, now, placed }: EnrolmentParts): Enrolments {
  function answerAgain(row: EnrolmentRow, nonce: string): Enrolled | null {
    const inTime = row.used !== null && now() - row.used < answerMs;
    return inTime && row.nonce === nonce && row.answer !== null ? (JSON.parse(row.answer) as Enrolled) : null;
  }

  /** An id is one site's for good: what it has sent from there stays, and would be mixed with what it sends from here. */
  function isOfAnotherSite({ site, terminal }: Place): boolean {
    const own = store.siteOf(terminal);
    return own !== null && own !== site;
  }

  function use(row: EnrolmentRow, nonce: string, broker: string): Enrolled {
    const { site, counter, terminal } = row;
    const password = newSecret();
    const answer: Enrolled = { site, counter, terminal, username: terminal, password, broker, rosterKey };
    const used = { ...row, nonce, answer: JSON.stringify(answer), used: now() };
    store.enrol(used, hashSecret(password), terminalFact({ site, counter, terminal }, 'enrolled', 'hub'));
    placed(terminal);
    return answer;
  }

  return {
    issue(place, by) {
      if (isOfAnotherSite(place))
        throw conflict('other-site', 'the terminal belongs to another site: give it a new id');
      const code = newCode();
      const expires = now() + codeMs;
      const row = { ...place, code_hash: hashSecret(code), expires, nonce: null, answer: null, used: null };
      store.addEnrolment(row, terminalFact(place, 'code-issued', by));
      return { code: `${code.slice(0, 5)}-${code.slice(5)}`, expires };
    },
    enrol(code, nonce, broker) {
      const row = store.enrolment(hashSecret(code.toUpperCase().replace(/[^0-9A-Z]/g, '')));
      if (row === null) return null;
      if (row.used !== null) return answerAgain(row, nonce);
      // Of two codes for one new id, made at two sites, the first that is used decides.
      return row.expires > now() && !isOfAnotherSite(row) ? use(row, nonce, broker) : null;
    },
    forget: () => store.forgetEnrolments({ expiredBy: now(), usedBefore: now() - answerMs }),
  };
}

/** A fact about a terminal. */
export function terminalFact(place: Place, change: string, by: string): Fact {
  return { type: 'manyi.terminal.assigned.v1', ...place, data: { by, change, ...place } };
}

/** Ten characters without those that are taken for one another: 49 bits, behind a throttle and for half an hour. */
function newCode(): string {
  const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
  return Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('');
}
