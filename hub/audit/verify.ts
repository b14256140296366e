import type { AuditEntry } from '@manyi/config/audit';
import { openForReading } from '../database/database.ts';
import { fault } from './entry.ts';
import { type AuditStore, createAuditStore } from './store.ts';

/** What a check of a whole audit log found: `fault` names the first bad entry and what is wrong with it, null when nothing is. */
export interface Verification {
  readonly entries: number;
  /** The last entry that was found right: its position, and its hash, which seals all before it. */
  readonly head: { readonly position: number; readonly hash: string } | null;
  readonly fault: string | null;
}

/**
 * Checks the audit log of a database file, which may be a copy, or the one that a hub is writing. `known` is a head that was noted
 * earlier (`position:hash`): the chain alone cannot tell that its end was cut off, or all of it made anew. Changes nothing.
 */
export function verifyAudit(file: string, known: string | null = null): Verification {
  const sqlite = openForReading(file);
  try {
    return verify(createAuditStore(sqlite), known === null ? null : readHead(known));
  } finally {
    sqlite.close();
  }
}

type Head = Pick<AuditEntry, 'position' | 'hash'>;

const pageSize = 1000;

function verify(store: AuditStore, known: Head | null): Verification {
  let head: Head | null = null;
  for (let page = store.after(0, pageSize); page.length > 0; page = store.after(head?.position ?? 0, pageSize)) {
    for (const entry of page) {
      const wrong: string | null = fault(head, entry) ?? otherThanKnown(entry, known);
      if (wrong !== null) return { entries: head?.position ?? 0, head, fault: wrong };
      head = { position: entry.position, hash: entry.hash };
    }
  }
  const entries = head?.position ?? 0;
  const cut = known !== null && known.position > entries ? `entry ${entries + 1} is missing` : null;
  return { entries, head, fault: cut };
}

function otherThanKnown(entry: AuditEntry, known: Head | null): string | null {
  if (known === null || known.position !== entry.position || known.hash === entry.hash) return null;
  return `entry ${entry.position} is not the one that was noted: it, or one before it, was made anew`;
}

function readHead(text: string): Head {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error(`${text} is no head of an audit log: write position:hash as an earlier check printed it`);
  }
  return { position: Number(match[1]), hash: match[2] };
}

/** The check as a command: `--verify-audit [file] [position:hash]`. Answers the line to print, and whether all is well. */
export function verifyAuditCommand(given: readonly string[], ownFile: string): { line: string; intact: boolean } {
  const known = given.find((one) => /^\d+:/.test(one)) ?? null;
  const file = given.find((one) => one !== known) ?? ownFile;
  const { entries, head, fault: wrong } = verifyAudit(file, known);
  const upTo = head === null ? 'empty' : `head ${head.position}:${head.hash}`;
  return wrong === null
    ? { line: `the audit log of ${file} is intact: ${entries} entries, ${upTo}`, intact: true }
    : { line: `the audit log of ${file} is not to be trusted: ${wrong} (right up to there: ${upTo})`, intact: false };
}
