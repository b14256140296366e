import { createHash } from 'node:crypto';
import type { Enrolled } from '@manyi/config/api';
import type { Identity } from '../../identity.ts';

/**
 * Whom a terminal records for: a hub, and there a site and a terminal. What was recorded for one of them is shown to no other. A hub that
 * was put back from a backup is the same one: it is known by the key of its rosters, which is made once. Null before the enrolment.
 */
export function homeOf({ enrolled }: Pick<Identity, 'enrolled'>): string | null {
  if (enrolled === null) return null;
  const known = homes.get(enrolled) ?? nameOf(enrolled);
  homes.set(enrolled, known);
  return known;
}

/** It is asked for every clip that waits, again and again. */
const homes = new WeakMap<Enrolled, string>();

function nameOf(enrolled: Enrolled): string {
  const hub = createHash('sha256').update(enrolled.rosterKey).digest('base64url').slice(0, 16);
  return `${enrolled.site}/${enrolled.terminal}@${hub}`;
}
