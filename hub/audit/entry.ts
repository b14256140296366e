import { createHash } from 'node:crypto';
import { toUSVString } from 'node:util';
import type { AuditEntry } from '@manyi/config/audit';

/** What the first entry names as the one before it. */
export const firstPrevious = '0'.repeat(64);

/** What somebody did, before it has a place in the log. What is left out is null. */
export type AuditFact = Pick<AuditEntry, 'who' | 'what'> &
  Partial<Omit<AuditEntry, 'position' | 'at' | 'who' | 'what' | 'previous' | 'hash'>>;

/** An entry without its own hash. */
export type Unsealed = Omit<AuditEntry, 'hash'>;

/**
 * The entry as RFC 8785 (JSON Canonicalization Scheme) writes it: names in the order of their code units, no spaces. All values are
 * texts, whole numbers or null, and these JSON.stringify writes as that document asks (3.2.2).
 */
export function canonical(entry: Unsealed): string {
  const { position, at, who, what, site, counter, clerk, service, recording, why, detail, about, lastedMs, previous } =
    entry;
  return JSON.stringify({
    about,
    at,
    clerk,
    counter,
    detail,
    lastedMs,
    position,
    previous,
    recording,
    service,
    site,
    what,
    who,
    why,
  });
}

/** The entry with its hash. */
export function seal(entry: Unsealed): AuditEntry {
  return { ...entry, hash: createHash('sha256').update(canonical(entry)).digest('hex') };
}

/** Where the log ends: its last entry's position, and its hash, which seals all before it. */
export type Head = Pick<AuditEntry, 'position' | 'hash'>;

/** The entry that follows the last one of the log (null of an empty one). */
export function next(last: Head | null, fact: AuditFact, at: number): AuditEntry {
  return seal({
    site: null,
    counter: null,
    clerk: null,
    service: null,
    recording: null,
    why: null,
    detail: null,
    about: null,
    lastedMs: null,
    ...asKept(fact),
    position: (last?.position ?? 0) + 1,
    at,
    previous: last?.hash ?? firstPrevious,
  });
}

/** With its texts as the database gives them back: it keeps UTF-8, which has no form for half of a sign. */
function asKept(fact: AuditFact): AuditFact {
  const kept = Object.entries(fact).map(([name, value]) => [
    name,
    typeof value === 'string' ? toUSVString(value) : value,
  ]);
  return Object.fromEntries(kept) as AuditFact;
}

/** What is wrong with an entry that should follow `last`, in a few words; null when nothing is. */
export function fault(last: Head | null, entry: AuditEntry): string | null {
  const expected = (last?.position ?? 0) + 1;
  if (entry.position < 1) return `entry ${entry.position} has no place in the log: the first is 1`;
  if (entry.position !== expected) return `entry ${expected} is missing`;
  if (entry.previous !== (last?.hash ?? firstPrevious)) {
    return `entry ${entry.position} does not follow the one before it: that one, or its hash, was changed`;
  }
  return seal(entry).hash === entry.hash ? null : `entry ${entry.position} was changed`;
}
