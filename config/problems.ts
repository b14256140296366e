import { z } from 'zod';

/** Why the hub refused, where that says more than the HTTP status. Programs may rely on these; the words beside them are for people. */
export const problemKind = z.enum([
  'exists',
  'in-use',
  'last-administrator',
  'name-used',
  'site-in-use',
  'zone-fixed',
  'counter-in-use',
  'badge-in-use',
  'other-site',
  'terminal-offline',
  'twice-in-table',
  'unknown-site',
  'no-site',
  'wrong-columns',
  'not-csv',
  'window-too-long',
  'wrong-credentials',
  'not-rated',
  'set-aside-already',
  'not-set-aside',
  'case-exists',
  'case-closed',
  'case-open',
  'no-terminal',
  'no-microphone',
  'microphone-failed',
  'recording-unknown',
  'recording-of-another',
  'recording-on-its-way',
  'recording-damaged',
  'recording-lost',
  'recording-deleted',
  'recording-held',
  'no-download-right',
  'no-ffmpeg',
  'not-on-duty',
  'say-why',
]);
export type ProblemKind = z.infer<typeof problemKind>;

const prefix = 'urn:manyi:problem:';

/** The `type` of problem details (RFC 9457 section 3.1.1) for a kind; `about:blank` where the status says it all. */
export function problemType(kind: ProblemKind | null): string {
  return kind === null ? 'about:blank' : `${prefix}${kind}`;
}

/** The kind that a `type` names; null for none, or for one of a later version. */
export function problemKindOf(type: string): ProblemKind | null {
  return type.startsWith(prefix) ? (problemKind.safeParse(type.slice(prefix.length)).data ?? null) : null;
}
