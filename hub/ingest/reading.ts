import { isUtf8 } from 'node:buffer';
import type { QuarantineReason } from '@manyi/config/api';
import { envelope, outboxFields } from '@manyi/config/envelope';
import { eventData, eventTypes, isEventType, type ManyiEvent, withoutVersion } from '@manyi/config/events';
import { maxEventBytes } from '@manyi/config/limits';
import { levelIndex } from '@manyi/config/profiles';
import { type Status, status } from '@manyi/config/status';
import { z } from 'zod';
import { isTooDeep, maxDepth } from './depth.ts';

/** The number of a message, and the id of its event, as far as they can be read. */
export interface Numbered {
  readonly outbox: string;
  readonly seq: number;
  readonly id: string | null;
}

/** Why a message cannot be taken; `number` is null where not even that could be read. */
export interface Problem {
  readonly reason: QuarantineReason;
  readonly detail: string | null;
  readonly number: Numbered | null;
}

export type EventReading = { readonly event: ManyiEvent } | { readonly problem: Problem };
export type StatusReading = { readonly status: Status } | { readonly problem: Problem };

/** Fields that this version does not know stay in the data, so that the ledger keeps what was said. */
const dataSchemas = new Map(eventTypes.map((type) => [type, eventData[type].loose() as z.ZodType]));
const knownNames = new Set(eventTypes.map(withoutVersion));
const numberSchema = z.object({ outbox: outboxFields.outbox, seq: outboxFields.seq });

/** Reads the payload of an `events` topic. Never throws. */
export function readEvent(payload: Buffer): EventReading {
  const raw = parse(payload);
  if (raw === undefined) return problem(tooLarge(payload) ?? ['not-json', null], null);
  const large = tooLarge(payload);
  if (large !== null) return problem(large, raw);
  if (isTooDeep(payload)) return problem(['not-an-event', `nested more than ${maxDepth} deep`], raw);
  const head = envelope.safeParse(raw);
  if (!head.success) return problem(['not-an-event', firstIssue(head.error)], raw);
  const { type } = head.data;
  if (!isEventType(type)) return problem([unknown(type), type], raw);
  const data = dataSchemas.get(type)?.safeParse((raw as { data?: unknown }).data);
  if (!data?.success) return problem(['not-an-event', data ? `data.${firstIssue(data.error)}` : null], raw);
  const event = { ...head.data, type, data: data.data } as ManyiEvent;
  const level = unknownLevel(event);
  return level === null ? { event } : problem(['unknown-level', level], raw);
}

/** Reads the payload of a `status` topic. Never throws. */
export function readStatus(payload: Buffer): StatusReading {
  const raw = parse(payload);
  if (raw === undefined) return problem(['not-json', null], null);
  const read = status.safeParse(raw);
  return read.success ? { status: read.data } : problem(['not-a-status', firstIssue(read.error)], null);
}

function problem([reason, detail]: [QuarantineReason, string | null], raw: unknown): { problem: Problem } {
  return { problem: { reason, detail, number: readNumber(raw) } };
}

/** A payload that is not UTF-8 is not JSON either (RFC 8259, section 8.1). */
function parse(payload: Buffer): unknown {
  if (!isUtf8(payload)) return undefined;
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}

function tooLarge(payload: Buffer): [QuarantineReason, string] | null {
  return payload.length > maxEventBytes ? ['too-large', `${payload.length} bytes`] : null;
}

function unknown(type: string): QuarantineReason {
  return knownNames.has(withoutVersion(type)) ? 'unknown-version' : 'unknown-type';
}

function unknownLevel(event: ManyiEvent): string | null {
  if (event.type !== 'manyi.rating.given.v1') return null;
  const { level, profile } = event.data;
  return levelIndex(profile, level) < 0 ? `${level} is not a level of ${profile}` : null;
}

function readNumber(raw: unknown): Numbered | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const { data, id } = raw as { data?: unknown; id?: unknown };
  const number = numberSchema.safeParse(data);
  if (!number.success) return null;
  return { ...number.data, id: typeof id === 'string' && id.length <= 128 ? id : null };
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
}
