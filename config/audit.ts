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
  'listening.service',
  'listening.end',
]);
export type AuditedAct = z.infer<typeof auditedAct>;

const sayWhy = 'say why, in a few words';

/** Why somebody wants to hear or do something, in their own words: there is a letter or a digit in them, for others to see. */
export const purpose = z
  .string()
  .trim()
  .min(2, sayWhy)
  .max(200)
  .regex(/[\p{L}\p{N}]/u, sayWhy);

/** What stands as `detail` of a `recording.played` whose player never said how long it played: the length is that of what it was sent. */
export const asDelivered = 'as-delivered';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * One entry of the audit log. `listening.service` says that another service has begun while somebody listened, with `detail` the position
 * of the `listening.start` that goes on. `hash` is the SHA-256, in hex, of the entry without `hash` in canonical JSON (RFC 8785: the names in
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
 * What the hub's last check of the whole log found. `broken`: an entry was changed, or some are missing; `unanchored`: it could not be
 * checked, or what was right could not be noted outside of the database. `why` says it in one line. `checkedAt` is null before the first check
 * has ended; `anchors` is how many heads are noted, `anchoredSince` when the first was.
 */
export const auditState = z.object({
  checkedAt: instant.nullable(),
  entries: z.int(),
  trouble: z.enum(['broken', 'unanchored']).nullable(),
  why: z.string().nullable(),
  anchors: z.int(),
  anchoredSince: instant.nullable(),
});
export type AuditState = z.infer<typeof auditState>;

/**
 * A play or download of what a clerk can be heard in, or a listening while they were on duty. `lastedMs` is null of a download, of what has
 * not `ended`, and of what ended without anybody knowing when, as at a crash of the hub. `atMost` is a length of which only what was sent is
 * known.
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
  ended: z.boolean(),
  atMost: z.boolean(),
});
export type Hearing = z.infer<typeof hearing>;

/**
 * A hearing as the clerk themself is shown it at their counter. It does not say of which customer: what is recorded or looked into may depend
 * on the rating, and clerks must not learn who gave which: for that reason a play or download is told from the next day on, and its `time` is
 * the start of its day. `name` is the user's own, null where the user is gone.
 */
export const ownHearing = hearing
  .pick({ position: true, time: true, who: true, what: true, why: true, lastedMs: true, ended: true, atMost: true })
  .extend({ name: z.string().nullable() });
export type OwnHearing = z.infer<typeof ownHearing>;
