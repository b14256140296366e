import { invitedBy } from '@manyi/config/events';
import { profileIds } from '@manyi/config/profiles';
import { z } from 'zod';

/**
 * What the rules remember between two inputs: plain JSON, stored in the transaction that stores the events it led to.
 * Instants are epoch milliseconds.
 */

const instant = z.number();

/** Whom something at the counter belongs to. A service keeps its clerk and duty whoever is on duty later. */
const owner = z.object({
  service: z.string(),
  duty: z.string().nullable(),
  clerk: z.string().nullable(),
  counter: z.string(),
});
export type Owner = z.infer<typeof owner>;

/** What every event of a service repeats. `startedAt` is RFC 3339, null for a press that belongs to no service. */
const place = owner.extend({
  profile: z.enum(profileIds),
  ticket: z.string().nullable(),
  business: z.string().nullable(),
  startedAt: z.string().nullable(),
});
export type Place = z.infer<typeof place>;

/** Who asked for a rating, and since when. It stays known after the invitation has closed. */
const invited = z.object({ by: invitedBy, opened: instant });
export type Invited = z.infer<typeof invited>;

const openService = z.object({
  place,
  rated: z.boolean(),
  /** What was pressed; null before that, and in what was stored when it was not remembered yet. */
  level: z.string().nullable().default(null),
  declined: z.boolean(),
  invited: invited.nullable(),
  /** When the open invitation closes; null when none is open. */
  closes: instant.nullable(),
});
export type OpenService = z.infer<typeof openService>;

const call = z.object({ ticket: z.string().nullable(), business: z.string().nullable() });
export type Call = z.infer<typeof call>;

/** What the clerk wanted while an invitation was open. The service ends when it closes, and then this happens. */
const waiting = z.object({ next: call.nullable(), badgeOff: z.boolean() });
export type Waiting = z.infer<typeof waiting>;

/** The last service, while it has no rating: a press soon after its end is still its own. */
const unrated = z.object({
  place,
  invited: invited.nullable(),
  endedAt: instant,
  /** Who was on duty when it ended. */
  clerkAtEnd: z.string().nullable(),
});
export type Unrated = z.infer<typeof unrated>;

/** Presses that count for nothing, while they are still being summed. At `until` it has been quiet for long enough. */
const sum = z.object({
  why: z.enum(['repeat', 'quiet-period', 'two-faces']),
  owner: owner.extend({ service: z.string().nullable() }),
  presses: z.record(z.string(), z.number()),
  until: instant,
});
export type Sum = z.infer<typeof sum>;

/** What the customer sees after a rating: the reasons to choose from, then the thanks. */
const page = z.object({ owner, reasonOpen: z.boolean(), until: instant });
export type Page = z.infer<typeof page>;

const duty = z.object({ id: z.string(), clerk: z.string(), paused: z.boolean() });
export type Duty = z.infer<typeof duty>;

const state = z.object({
  shape: z.literal(1),
  duty: duty.nullable(),
  service: openService.nullable(),
  waiting: waiting.nullable(),
  unrated: unrated.nullable(),
  /** Presses after the last rating. While it stands and its time runs, a press is no new rating. */
  repeats: sum.nullable(),
  twoFaces: sum.nullable(),
  /** How long somebody who pressed two faces is asked again; null when nobody is. */
  asksAgainUntil: instant.nullable().default(null),
  page: page.nullable(),
});
export type State = z.infer<typeof state>;

/** A terminal at which nothing has happened yet. */
export const initialState: State = {
  shape: 1,
  duty: null,
  service: null,
  waiting: null,
  unrated: null,
  repeats: null,
  twoFaces: null,
  asksAgainUntil: null,
  page: null,
};

/** Reads a stored state; null when it is none that this version understands, so that the caller can put it aside and say so. */
export function readState(stored: unknown): State | null {
  const result = state.safeParse(stored);
  return result.success ? result.data : null;
}
