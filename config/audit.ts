import { z } from 'zod';
import { clerkId, id, instant, uuid } from './ids.ts';

/** What people do with recordings that others must be able to check later. */
export const auditedAct = z.enum([
  'recording.play',
  'recording.played',
  'recording.download',
  'recording.delete',
  'recording.hold',
  'recording.release',
  'recording-policy.change',
  'retention.change',
  'download-right.grant',
  'download-right.revoke',
  'listening.start',
  'listening.end',
]);
export type AuditedAct = z.infer<typeof auditedAct>;

/** Why somebody wants to hear or do something, in their own words. */
export const purpose = z.string().trim().min(2, 'say why, in a few words').max(200);

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * One entry of the audit log. `hash` is the SHA-256, in hex, of the entry without `hash` in canonical JSON (RFC 8785: the names in
 * order, no spaces), in UTF-8; `previous` is the hash of the entry before, 64 zeros for the first. `about` is the entry whose act
 * this one ends, `lastedMs` how long it lasted. `who` is a user name, or `hub` where the hub acted by its rules.
 */
export const auditEntry = z.object({
  position: z.int().min(1),
  /** Epoch milliseconds. */
  at: z.int(),
  who: z.string(),
  what: auditedAct,
  site: id.nullable(),
  counter: id.nullable(),
  clerk: clerkId.nullable(),
  service: uuid.nullable(),
  recording: uuid.nullable(),
  why: z.string().nullable(),
  detail: z.string().nullable(),
  about: z.int().nullable(),
  lastedMs: z.int().min(0).nullable(),
  previous: hash,
  hash,
});
export type AuditEntry = z.infer<typeof auditEntry>;

/**
 * A play or download of what a clerk can be heard in, or a listening while they were on duty. `lastedMs` is null of a download, and of
 * what has not ended.
 */
export const hearing = z.object({
  position: z.int(),
  time: instant,
  who: z.string(),
  what: auditedAct.extract(['recording.play', 'recording.download', 'listening.start']),
  site: id.nullable(),
  counter: id.nullable(),
  service: uuid.nullable(),
  recording: uuid.nullable(),
  why: z.string().nullable(),
  lastedMs: z.int().min(0).nullable(),
});
export type Hearing = z.infer<typeof hearing>;
