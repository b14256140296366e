import { z } from 'zod';
import { envelope, outboxFields } from './envelope.ts';
import { clerkId, id, instant, uuid } from './ids.ts';
import { levelName } from './levels.ts';
import { profileIds } from './profiles.ts';
import { reasonNames } from './reasons.ts';
import { clipType, lostWhy } from './recordings.ts';

/** How a service ended. Every service ends with exactly one. */
export const outcome = z.enum(['rated', 'expired', 'withheld', 'declined', 'interrupted']);
export type Outcome = z.infer<typeof outcome>;

/** Who opened the invitation: the clerk, or the rule that nobody moves on past one. */
export const invitedBy = z.enum(['clerk', 'automatic']);
export type InvitedBy = z.infer<typeof invitedBy>;

/** The parts of a terminal whose failure and return are told. */
export const part = z.enum([
  'panel',
  'badge-reader',
  'microphone',
  'recording',
  'speaker',
  'screen',
  'clock',
  'storage',
  'state',
]);
export type Part = z.infer<typeof part>;

/** Absent means null, so that a small sender need not spell what it does not know. */
function orNull<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? null);
}

const clerk = clerkId.nullable();
const counter = orNull(id);
const profile = z.enum(profileIds).default('four-key');
const count = z.int().min(0);
const share = z.number().min(0).max(1);

const servicePlace = {
  service: uuid,
  duty: orNull(uuid),
  clerk,
  counter,
  profile,
  ticket: orNull(z.string().max(64)),
  business: orNull(z.string().max(64)),
  startedAt: orNull(instant),
};

const duty = { ...outboxFields, duty: uuid, clerk: clerkId, counter };

/** The data of every event, by its type. The data of a type never changes its meaning; a new meaning is a new version. */
export const eventData = {
  'manyi.duty.started.v1': z.object(duty),
  'manyi.duty.paused.v1': z.object({ ...duty, reason: orNull(z.string().max(64)) }),
  'manyi.duty.resumed.v1': z.object(duty),
  'manyi.duty.ended.v1': z.object({ ...duty, endedBy: z.enum(['badge', 'other-badge', 'command', 'restart']) }),
  'manyi.service.started.v1': z.object({
    ...outboxFields,
    ...servicePlace,
    startedBy: orNull(z.enum(['next', 'invite', 'press'])),
  }),
  'manyi.service.ended.v1': z.object({
    ...outboxFields,
    ...servicePlace,
    outcome,
    invitedBy: orNull(invitedBy),
  }),
  'manyi.rating.given.v1': z.object({
    ...outboxFields,
    ...servicePlace,
    level: levelName,
    invitedBy: orNull(invitedBy),
    /** From the invitation's opening to the press, in milliseconds; null without an invitation. */
    pressedAfterMs: orNull(z.number().min(0)),
    unprompted: orNull(z.boolean()).transform((value) => value ?? false),
  }),
  'manyi.press.ignored.v1': z.object({
    ...outboxFields,
    service: orNull(uuid),
    duty: orNull(uuid),
    clerk,
    counter,
    why: z.enum(['repeat', 'quiet-period', 'two-faces']),
    presses: z.record(levelName, count),
  }),
  'manyi.reason.given.v1': z.object({
    ...outboxFields,
    service: uuid,
    duty: orNull(uuid),
    clerk,
    counter,
    reason: z.enum(reasonNames),
  }),
  'manyi.recording.made.v1': z.object({
    ...outboxFields,
    service: orNull(uuid),
    duty: orNull(uuid),
    clerk,
    counter,
    recording: uuid,
    startedAt: instant,
    durationMs: count,
    bytes: count,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    mediaType: z.literal(clipType).default(clipType),
    /** From the clip's start to the press, in milliseconds; null without one. */
    pressedAtMs: orNull(count),
    /** The part of the time with speech in it, the highest level (1 is full scale), and the part of the samples at full scale. */
    speechShare: orNull(share),
    peak: orNull(share),
    clippedShare: orNull(share),
    /** Cut off by a crash, and kept up to its last complete page. */
    repaired: orNull(z.boolean()).transform((value) => value ?? false),
  }),
  'manyi.recording.lost.v1': z.object({
    ...outboxFields,
    service: orNull(uuid),
    duty: orNull(uuid),
    clerk,
    counter,
    recording: uuid,
    /** When it began and how long it was, in milliseconds; null where even that is not known any more. */
    startedAt: orNull(instant),
    durationMs: orNull(count),
    why: lostWhy,
  }),
  'manyi.panel.counted.v1': z.object({
    ...outboxFields,
    counter,
    panel: z.string().max(64),
    totals: z.record(levelName, count),
    /** Presses that are in the totals and come later, in a sum of further presses that is not closed yet. */
    untold: z.record(levelName, count).default({}),
    /** Presses at the screen, which no panel counts: those of this run of the agent that are in events or in such a sum. */
    touched: orNull(z.object({ run: uuid, presses: z.record(levelName, count) })),
  }),
  'manyi.terminal.changed.v1': z.object({
    ...outboxFields,
    counter,
    part,
    state: z.enum(['failed', 'restored']),
    detail: orNull(z.string().max(500)),
  }),
  'manyi.outbox.voided.v1': z.object({
    ...outboxFields,
    why: z.enum(['unreadable', 'unreceipted']),
    /** What was stored under this number, in base64; null when not even that could be read. */
    bytes: z.base64().nullable(),
  }),
} as const;

export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>;
export const eventTypes = Object.keys(eventData) as EventType[];

/** An event as the hub understood it: envelope and data, discriminated by `type`. */
export type ManyiEvent = {
  [T in EventType]: Omit<z.infer<typeof envelope>, 'type'> & { readonly type: T; readonly data: EventData<T> };
}[EventType];

/** Any event before its data is known: for schemas in documents. */
export const anyEvent = z.union(
  eventTypes.map((type) => envelope.extend({ type: z.literal(type), data: eventData[type] })),
);

/** Whether this version knows the type. */
export function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventData, type);
}

/** A type's name without its version: `manyi.rating.given`. */
export function withoutVersion(type: string): string {
  return type.replace(/\.v\d+$/, '');
}
