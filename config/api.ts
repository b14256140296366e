import { z } from 'zod';
import { outcome, part } from './events.ts';
import { badgeCode, clerkId, id, instant, uuid } from './ids.ts';
import { levelName } from './levels.ts';
import { livePresence } from './live.ts';
import { note } from './note.ts';
import { problemKind } from './problems.ts';
import { profileIds } from './profiles.ts';
import { health } from './status.ts';
import { siteMode } from './terminal-settings.ts';

/** The bodies of the HTTP interface under `/api/v1`. Lists answer `{items, next}`, errors RFC 9457 problem details. */

export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

/** Administrators manage everything; supervisors see their sites and act on what happens there. */
export const role = z.enum(['administrator', 'supervisor']);
export type Role = z.infer<typeof role>;

export const login = z.object({ username: z.string().min(1).max(64), password: z.string().min(1).max(256) });
export const token = z.object({ token: z.string() });
/** The signed-in user. `sites` is null for all. */
export const me = z.object({ username: z.string(), name: z.string(), role, sites: z.array(id).nullable() });
export type Me = z.infer<typeof me>;

/** Whether the hub still waits for its first administrator, and the body that makes one with the one-time link's code. */
export const setupState = z.object({ needed: z.boolean() });
export const newPassword = z.string().min(10, 'use at least 10 characters').max(256);
export const setup = z.object({ code: z.string().min(1).max(128), password: newPassword });

const name = z.string().trim().min(1).max(100);

/** A hall. A fresh one is continuous, by the four-key profile. */
export const site = z.object({
  id,
  name,
  timeZone: z.string().default('Asia/Shanghai'),
  mode: siteMode.default('continuous'),
  profile: z.enum(profileIds).default('four-key'),
});
export type Site = z.infer<typeof site>;

export const counter = z.object({ id, site: id, name });
export type Counter = z.infer<typeof counter>;

export const newClerk = z.object({
  id: clerkId,
  site: id,
  name,
  number: z.string().trim().min(1).max(32),
  stars: z.int().min(0).max(5).nullable().default(null),
});
/** `photo` is the path of the clerk's picture, null without one. */
export const clerk = newClerk.extend({ photo: z.string().nullable(), active: z.boolean() });
export type Clerk = z.infer<typeof clerk>;

export const newBadge = z.object({ badge: badgeCode, clerk: clerkId });
/** The code itself is not kept: `ending` is its last characters, at most four and at most half of them. */
export const badge = z.object({ id: z.string(), clerk: clerkId, ending: z.string() });
export type Badge = z.infer<typeof badge>;

export const newUser = z.object({
  username: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/),
  name,
  role,
  sites: z.array(id).nullable().default(null),
  password: newPassword,
});
export const user = newUser.omit({ password: true });
export type User = z.infer<typeof user>;

/** A token for a program: it acts as the user who made it, until it is taken away. `id` names it, and is not the token. */
export const newMachineToken = z.object({ label: name });
export const machineToken = newMachineToken.extend({ id: z.string() });
export type MachineToken = z.infer<typeof machineToken>;

/** What has become of a CSV import. A refused line has its number in the file, why in words, and, where known, as a kind or the columns at fault. */
export const importReport = z.object({
  added: z.int(),
  changed: z.int(),
  refused: z.array(
    z.object({
      line: z.int(),
      reason: z.string(),
      kind: problemKind.optional(),
      columns: z.array(z.string()).optional(),
    }),
  ),
});
export type ImportReport = z.infer<typeof importReport>;

export const newEnrolment = z.object({ site: id, counter: id, terminal: id });
export const enrolmentCode = z.object({ code: z.string(), expires: instant });
export const enrol = z.object({ code: z.string().min(1).max(128), nonce: z.string().min(8).max(128) });
/** What a terminal keeps of its enrolment. `broker` is an MQTT URL, `rosterKey` base64url. */
export const enrolled = z.object({
  site: id,
  counter: id,
  terminal: id,
  username: z.string(),
  password: z.string(),
  broker: z.string(),
  rosterKey: z.string(),
});
export type Enrolled = z.infer<typeof enrolled>;

/**
 * Numbers of one terminal for a site-local day, or for all days. `missing` were never delivered and are lost or still on the terminal;
 * `quarantined` also counts what came without a readable number of its own.
 */
export const completeness = z.object({
  expected: z.int(),
  received: z.int(),
  quarantined: z.int(),
  missing: z.int(),
});
export type Completeness = z.infer<typeof completeness>;

/** A part that its terminal says has failed, with since when and why as it told; null where it did not. */
export const partFailure = z.object({ part, since: instant.nullable(), detail: z.string().nullable() });
export type PartFailure = z.infer<typeof partFailure>;

/**
 * One key of a terminal. `heard` are its presses that came, `last` the latest of them, and `ratingsSince` how many customers have rated with
 * other keys since then: of a `quiet` one so many that it may be dead. `counted` is what the panel itself has counted, and `unheard` how
 * many of that never came; null without a panel that counts.
 */
export const terminalKey = z.object({
  level: levelName,
  heard: z.int(),
  last: instant.nullable(),
  ratingsSince: z.int(),
  quiet: z.boolean(),
  counted: z.int().nullable(),
  unheard: z.int().nullable(),
});
export type TerminalKey = z.infer<typeof terminalKey>;

/**
 * What a terminal's keys have told since their first press, or since the site's profile gave them other levels. `panel` is the one that
 * counts by itself: `since` its count is followed, `told` the last time, and why it `begun` then: it was the first, it is another than
 * before, or its totals fell.
 */
export const terminalKeys = z.object({
  since: instant,
  keys: z.array(terminalKey),
  panel: z
    .object({ id: z.string(), since: instant, told: instant, begun: z.enum(['first', 'changed', 'fell']) })
    .nullable(),
});
export type TerminalKeys = z.infer<typeof terminalKeys>;

export const terminal = z.object({
  id,
  site: id,
  counter: id,
  enrolled: z.boolean(),
  agent: z.string().nullable(),
  health: health.nullable(),
  failures: z.array(partFailure),
  keys: terminalKeys.nullable(),
  presence: livePresence.pick({ state: true, since: true, unsent: true }),
  today: completeness,
});
export type Terminal = z.infer<typeof terminal>;

/** Why something from a terminal could not be taken into the ledger. */
export const quarantineReason = z.enum([
  'not-json',
  'not-an-event',
  'not-a-status',
  'unknown-type',
  'unknown-version',
  'too-large',
  'number-reused',
  'unknown-level',
  'foreign-service',
  'foreign-duty',
  'failed',
]);
export type QuarantineReason = z.infer<typeof quarantineReason>;

export const quarantined = z.object({
  id: z.int(),
  terminal: id,
  topic: z.string(),
  reason: quarantineReason,
  detail: z.string().nullable(),
  arrived: instant,
  bytes: z.int(),
  /** The payload as text, its first 2,000 characters; null when only the count was kept. */
  text: z.string().nullable(),
});
export type Quarantined = z.infer<typeof quarantined>;

/** What a terminal's numbers and parts have shown that somebody should look at. */
export const alertKind = z.enum(['numbers-missing', 'number-reused', 'event-voided', 'part-failed']);
export type AlertKind = z.infer<typeof alertKind>;

/** An alert is an entry of the ledger: `data` is the entry's, and its `position` names it. */
export const alert = z.object({
  position: z.int(),
  kind: alertKind,
  time: instant,
  site: id,
  terminal: id,
  counter: id.nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type Alert = z.infer<typeof alert>;

const rate = z.number().nullable();

/** How a score query may be grouped. */
export const scoresBy = z.enum(['clerk', 'counter', 'site', 'hour', 'day']);
export type ScoresBy = z.infer<typeof scoresBy>;

/** One row of a score. Rates are 0–1 and null over nothing; the index is 0–100; `participationSource` says what the participation rests on. */
export const scoreRow = z.object({
  key: z.string(),
  name: z.string(),
  counts: z.record(z.string(), z.int()),
  rated: z.int(),
  services: z.int(),
  unprompted: z.int(),
  satisfactionRate: rate,
  dissatisfactionRate: rate,
  participationRate: rate,
  participationSource: z.enum(['called', 'unknown']),
  satisfactionIndex: rate,
  interval: z.tuple([z.number(), z.number()]).nullable(),
  shrunkRate: rate,
  notInvitedRate: rate,
  /** Place by `shrunkRate` among the rows with enough ratings; null for "not enough ratings" and for groupings that are not ranked. */
  rank: z.int().nullable(),
});
export type ScoreRow = z.infer<typeof scoreRow>;

export const scores = z.object({
  items: z.array(scoreRow),
  profile: z.enum(profileIds),
  from: instant,
  to: instant,
  /** The ledger position that the figures stand at. */
  position: z.int(),
});
export type Scores = z.infer<typeof scores>;

/** One rating. `recorded` is whether a recording of its service is stored. */
export const rating = z.object({
  position: z.int(),
  service: uuid,
  time: instant,
  site: id,
  counter: id.nullable(),
  clerk: clerkId.nullable(),
  level: z.string(),
  unprompted: z.boolean(),
  setAside: z.boolean(),
  recorded: z.boolean(),
});
export type Rating = z.infer<typeof rating>;

/**
 * Why a rating was set aside (剔除): taken out of every score, for misuse or a mistaken press; or, as not the clerk's fault, out of the
 * clerk's, while it stays in the hall's.
 */
export const setAsideWhy = z.enum(['misuse', 'mistaken-press', 'not-the-clerk']);
export type SetAsideWhy = z.infer<typeof setAsideWhy>;

export const newSetAside = z.object({ why: setAsideWhy, note });
export const newRestoration = z.object({ note });

/** One step of a service's evidence chain. */
export const chainEntry = z.object({
  position: z.int(),
  id: z.string(),
  type: z.string(),
  time: instant,
  arrived: instant,
  terminal: id.nullable(),
  data: z.record(z.string(), z.unknown()),
});

/** A service with everything the ledger holds of it, in the ledger's order. */
export const service = z.object({
  service: uuid,
  site: id,
  terminal: id,
  counter: id.nullable(),
  clerk: clerkId.nullable(),
  duty: uuid.nullable(),
  profile: z.enum(profileIds),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  outcome: outcome.nullable(),
  level: z.string().nullable(),
  unprompted: z.boolean(),
  setAside: z.boolean(),
  reason: z.string().nullable(),
  entries: z.array(chainEntry),
});
export type Service = z.infer<typeof service>;

/**
 * One counter of the live floor. `last` are the newest outcomes, oldest first: a level, or the outcome of an unrated service. An
 * unprompted rating stands among them, and in no figure. `microphone` is whether it can be heard, false for one that failed; null where
 * there is none, or its terminal has said nothing of it yet.
 */
export const floorCounter = z.object({
  counter: id,
  name: z.string(),
  terminal: id.nullable(),
  presence: livePresence.pick({ state: true, since: true, unsent: true }).nullable(),
  microphone: z.boolean().nullable().default(null),
  clerk: z.object({ id: clerkId, name: z.string(), since: instant, pausedSince: instant.nullable() }).nullable(),
  last: z.array(
    z.object({
      service: uuid,
      level: z.string().nullable(),
      outcome: outcome.nullable(),
      time: instant,
      unprompted: z.boolean(),
    }),
  ),
  today: scoreRow,
});
export type FloorCounter = z.infer<typeof floorCounter>;

/** A site as the floor shows it, at a ledger position from which the live stream goes on. */
export const floor = z.object({
  site,
  position: z.int(),
  now: instant,
  today: scoreRow,
  counters: z.array(floorCounter),
});
export type Floor = z.infer<typeof floor>;
