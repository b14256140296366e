import { randomBytes } from 'node:crypto';
import { eventSequence, eventSource } from '@manyi/config/envelope';
import { toRfc3339 } from '@manyi/config/zone';
import type { ServiceEvent } from '@manyi/hub/tallies/service';

/** A company of 20 halls: 2,000 clerks who take turns at 400 counters. */
export const halls = 20;
export const clerksOfHall = 100;
export const countersOfHall = 20;
export const zone = 'Asia/Shanghai';
/**
 * The terminals of the first hall tell all of a service: its start, its rating, its end. Those of the others are small senders that
 * tell one event of each, or ten million ratings would take an hour and a developer's disk.
 */
const wholeHalls = 1;

const day = 24 * 60 * 60 * 1000;
const span = 730 * day;
/** The last service begins so long before the end that it is over by then. */
const longest = 10 * 60 * 1000;

/** What services come to: four of five are rated. */
const outcomes = [
  { outcome: 'rated', level: 'very-satisfied', invitedBy: 'clerk', upTo: 0.5 },
  { outcome: 'rated', level: 'satisfied', invitedBy: 'clerk', upTo: 0.72 },
  { outcome: 'rated', level: 'average', invitedBy: 'clerk', upTo: 0.77 },
  { outcome: 'rated', level: 'dissatisfied', invitedBy: 'clerk', upTo: 0.8 },
  { outcome: 'expired', level: null, invitedBy: 'clerk', upTo: 0.92 },
  { outcome: 'withheld', level: null, invitedBy: 'automatic', upTo: 0.98 },
  { outcome: 'declined', level: null, invitedBy: 'clerk', upTo: 1 },
] as const;

type Type = 'manyi.service.started.v1' | 'manyi.rating.given.v1' | 'manyi.service.ended.v1';

/** One event of the history. */
export type PastEvent = Extract<ServiceEvent, { type: Type }> & {
  readonly id: string;
  readonly site: string;
  readonly terminal: string;
  readonly outboxKey: number;
  readonly seq: number;
  readonly time: number;
  readonly clerk: string;
  readonly counter: string;
  /** Nothing more comes of its service. */
  readonly last: boolean;
};

interface PastService {
  readonly index: number;
  readonly hall: number;
  readonly clerk: number;
  readonly counter: number;
  readonly begun: number;
  readonly startedAt: string;
  readonly after: number;
  readonly end: (typeof outcomes)[number];
}

interface Due {
  readonly time: number;
  readonly type: Type;
  readonly of: PastService;
  readonly last: boolean;
}

/** What its terminal would have published. */
export function envelopeOf({ id, site, terminal, seq, type, time, data }: PastEvent): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: eventSource(site, terminal),
    type,
    time: toRfc3339(time, zone),
    datacontenttype: 'application/json',
    sequence: eventSequence(seq),
    data,
  });
}

export const siteName = (hall: number) => `hall-${hall}`;
export const clerkName = (hall: number, clerk: number) => `C${hall}-${clerk}`;
export const terminalName = (hall: number, counter: number) => `terminal-${hall}-${counter}`;
export const counterName = (counter: number) => `counter-${counter}`;

/** Two years of services with so many ratings: what all terminals sent, in the order of time. The same for the same numbers. */
export function* pastEvents(ratings: number, end: number): Generator<PastEvent> {
  const waiting: Due[] = [];
  const seqs = new Map<number, number>();
  const sent = (due: Due): PastEvent => {
    const key = due.of.hall * countersOfHall + due.of.counter + 1;
    const seq = (seqs.get(key) ?? 0) + 1;
    seqs.set(key, seq);
    return toEvent(due, key, seq);
  };
  for (const service of pastServices(ratings, end)) {
    for (let due = waiting[0]; due !== undefined && due.time <= service.begun; due = waiting[0]) {
      waiting.shift();
      yield sent(due);
    }
    for (const due of courseOf(service)) wait(waiting, due);
  }
  for (const due of waiting) yield sent(due);
}

/** Keeps what waits in the order of time. */
function wait(waiting: Due[], due: Due): void {
  let place = waiting.length;
  while (place > 0 && (waiting[place - 1]?.time ?? 0) > due.time) place -= 1;
  waiting.splice(place, 0, due);
}

/** In the order of their beginnings; a small generator decides (xorshift, Marsaglia 2003). */
function* pastServices(ratings: number, end: number): Generator<PastService> {
  const random = generator(ratings);
  const start = end - span - longest;
  for (let index = 0, rated = 0; rated < ratings; index++) {
    const hall = Math.floor(random() * halls);
    const clerk = Math.floor(random() * clerksOfHall);
    const begun = Math.floor(start + (rated * span) / ratings);
    const turn = Math.floor(begun / (7 * day)) + Math.floor(random() * 2);
    const counter = (clerk + turn) % countersOfHall;
    const share = random();
    const end = outcomes.find(({ upTo }) => share < upTo) ?? outcomes[0];
    const after = Math.floor(random() * 9000);
    if (end.outcome === 'rated') rated += 1;
    yield { index, hall, clerk, counter, begun, startedAt: toRfc3339(begun, zone), after, end };
  }
}

function courseOf(of: PastService): Due[] {
  const answered = of.begun + 120_000 + of.after;
  const start: Due = { time: of.begun, type: 'manyi.service.started.v1', of, last: false };
  const end: Due = { time: answered + 5000 + of.after, type: 'manyi.service.ended.v1', of, last: true };
  const isWhole = of.hall < wholeHalls;
  if (of.end.outcome !== 'rated') return isWhole ? [start, end] : [end];
  const rating: Due = { time: answered, type: 'manyi.rating.given.v1', of, last: !isWhole };
  return isWhole ? [start, rating, end] : [rating];
}

function toEvent({ time, type, of, last }: Due, outboxKey: number, seq: number): PastEvent {
  const { hall, index, begun, end } = of;
  const clerk = clerkName(hall, of.clerk);
  const counter = counterName(of.counter);
  const place = {
    outbox: outboxOf(outboxKey),
    seq,
    clock: { boot: outboxOf(0), uptimeMs: time % 1e9, synced: true },
    service: uuidAt(begun, index, 1),
    duty: uuidAt(begun - (begun % 14_400_000), outboxKey, 2),
    clerk,
    counter,
    profile: 'four-key' as const,
    ticket: null,
    business: null,
    startedAt: of.startedAt,
  };
  const site = siteName(hall);
  const from = { site, terminal: terminalName(hall, of.counter), outboxKey, seq, time, clerk, counter, last };
  const { outcome, invitedBy } = end;
  if (type === 'manyi.service.started.v1')
    return { ...from, id: uuidAt(time, index, 3), type, data: { ...place, startedBy: 'next' } };
  if (type === 'manyi.service.ended.v1')
    return { ...from, id: uuidAt(time, index, 4), type, data: { ...place, outcome, invitedBy } };
  const level = end.level ?? 'satisfied';
  const data = { ...place, level, invitedBy, pressedAfterMs: of.after, unprompted: false };
  return { ...from, id: uuidAt(time, index, 5), type, data };
}

const salt = randomBytes(4).toString('hex');

/** A UUID of version 7 that nothing else of this history has: milliseconds, then a number. */
function uuidAt(time: number, number: number, kind: number): string {
  const at = time.toString(16).padStart(12, '0');
  const rest = number.toString(16).padStart(8, '0');
  return `${at.slice(0, 8)}-${at.slice(8)}-7${kind}00-8000-${salt.slice(0, 4)}${rest}`;
}

export function outboxOf(key: number): string {
  return `00000000-0000-4000-8000-${key.toString(16).padStart(12, '0')}`;
}

function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
