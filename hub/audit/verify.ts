import { dirname, join } from 'node:path';
import { openForReading } from '../database/database.ts';
import { type Anchor, anchorFileName, readAnchor, readAnchors } from './anchor.ts';
import { fault, type Head } from './entry.ts';
import { type AuditStore, createAuditStore } from './store.ts';

/** What a check of an audit log found: `fault` names the first bad entry and what is wrong with it, null when nothing is. */
export interface Verification {
  readonly entries: number;
  /** The last entry that was found right: its position, and its hash, which seals all before it. */
  readonly head: Head | null;
  readonly fault: string | null;
}

/** Some milliseconds of work: a running hub does other things between two of them. */
const pageSize = 200;

/**
 * Checks the entries after `from` (null for all of them) page by page: each step is one, and the last gives what was found. A chain alone
 * cannot tell that its end was cut off, or all of it made anew: the anchors, which lay outside of it, can.
 */
export function* checking(
  store: Pick<AuditStore, 'after'>,
  anchors: readonly Anchor[],
  from: Head | null = null,
): Generator<void, Verification, void> {
  const against = createAnchorCheck(anchors);
  let head = from;
  for (;;) {
    const entries = store.after(head?.position ?? Number.NEGATIVE_INFINITY, pageSize);
    for (const entry of entries) {
      const wrong: string | null = fault(head, entry) ?? against.fault(entry);
      if (wrong !== null) return { entries: head?.position ?? 0, head, fault: wrong };
      head = { position: entry.position, hash: entry.hash };
    }
    if (entries.length < pageSize) return { entries: head?.position ?? 0, head, fault: against.missing(from, head) };
    yield;
  }
}

function createAnchorCheck(anchors: readonly Anchor[]) {
  const placed = new Map<number, string[]>();
  const anywhere = new Set<string>();
  for (const { position, hash } of anchors) {
    if (position === null) anywhere.add(hash);
    else placed.set(position, [...(placed.get(position) ?? []), hash]);
  }
  return {
    fault({ position, hash }: Head): string | null {
      anywhere.delete(hash);
      if (placed.get(position)?.every((noted) => noted === hash) ?? true) return null;
      return `entry ${position} is not the one that was noted: it, or one before it, was made anew`;
    },
    missing(from: Head | null, head: Head | null): string | null {
      const last = head?.position ?? 0;
      const noted = Math.max(0, ...placed.keys());
      if (noted > last) return `it ends at entry ${last}, and entry ${noted} was noted: its end was cut off`;
      const [hash] = from === null ? anywhere : [];
      return hash === undefined ? null : `no entry has the hash that was noted (${hash}): it was cut off or made anew`;
    },
  };
}

/**
 * Checks the audit log of a database file, which may be a copy, or the one that a hub is writing, against the anchors given. Changes
 * nothing.
 */
export function verifyAudit(file: string, anchors: readonly Anchor[] = []): Verification {
  const sqlite = openForReading(file);
  try {
    const check = checking(createAuditStore(sqlite), anchors);
    for (;;) {
      const step = check.next();
      if (step.done) return step.value;
    }
  } finally {
    sqlite.close();
  }
}

/**
 * The check as a command: `--verify-audit [file] [--anchor position:hash]`. The anchors that lie beside the file are taken too. Answers
 * the line to print, and whether all is well.
 */
export function verifyAuditCommand(given: readonly string[], ownFile: string): { line: string; intact: boolean } {
  const { file = ownFile, noted } = readArguments(given);
  const beside = readAnchors(join(dirname(file), anchorFileName));
  const { entries, head, fault: wrong } = verifyAudit(file, [...beside, ...noted]);
  const upTo = head === null ? 'empty' : `head ${head.position}:${head.hash}`;
  const count = beside.length + noted.length;
  const anchored = count === 0 ? 'no anchor to hold it against' : `anchors that agree: ${count}`;
  return wrong === null
    ? { line: `the audit log of ${file} is intact: ${entries} entries, ${anchored}, ${upTo}`, intact: true }
    : { line: `the audit log of ${file} is not to be trusted: ${wrong} (right up to there: ${upTo})`, intact: false };
}

function readArguments(given: readonly string[]): { file?: string; noted: Anchor[] } {
  const at = given.indexOf('--anchor');
  const noted = at < 0 ? undefined : given[at + 1];
  if (at >= 0 && noted === undefined) throw new Error('--anchor needs the head that was noted: position:hash');
  const [file, ...more] = given.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  if (more.length > 0)
    throw new Error(`--verify-audit takes one file, and --anchor position:hash: not ${more.join(' ')}`);
  return { ...(file !== undefined && { file }), noted: noted === undefined ? [] : [anchorOf(noted)] };
}

function anchorOf(text: string): Anchor {
  const anchor = readAnchor(text);
  if (anchor === null) {
    throw new Error(
      `${text} is no head of an audit log: write position:hash as an earlier check, or the page, showed it`,
    );
  }
  return anchor;
}
