import { startOfDay, startOfHour, startOfMonth, startOfNextDay } from '@manyi/config/zone';

/** The spans that tallies are kept by. */
export const spans = ['hour', 'day', 'month'] as const;
export type Span = (typeof spans)[number];

/** The starts of the site-local hour, day and month that hold an instant. */
export interface Buckets {
  readonly hour: number;
  readonly day: number;
  readonly month: number;
}

const hourMs = 60 * 60 * 1000;
const quarterHourMs = 15 * 60 * 1000;
const known = new Map<string, Map<number, Buckets>>();

/** The buckets of an instant. Answers are kept by the hour, because finding a day or month takes dates. */
export function buckets(at: number, zone: string): Buckets {
  const hour = startOfHour(at, zone);
  let hours = known.get(zone);
  if (hours === undefined || hours.size > 50_000) {
    hours = new Map();
    known.set(zone, hours);
  }
  let found = hours.get(hour);
  if (found === undefined) {
    found = { hour, day: startOfDay(at, zone), month: startOfMonth(at, zone) };
    hours.set(hour, found);
  }
  return found;
}

/** A stretch of time that one kind of row answers for: tally buckets from `from` to before `to`, or for `moment` the services counted then. */
export interface Piece {
  readonly span: Span | 'moment';
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts `from` (included) to `to` (excluded) into as few pieces as possible: whole site-local months, whole days and hours beside
 * them, and at most a part of an hour at each end, which the services themselves must be asked for.
 */
export function pieces(from: number, to: number, zone: string): Piece[] {
  const found: Piece[] = [];
  for (let at = from; at < to; ) {
    const piece = largest(at, to, zone);
    const last = found.at(-1);
    if (last?.span === piece.span) found[found.length - 1] = { ...last, to: piece.to };
    else found.push(piece);
    at = piece.to;
  }
  return found;
}

function largest(at: number, to: number, zone: string): Piece {
  const start = buckets(at, zone);
  const month = startOfMonth(start.month + 32 * 24 * hourMs, zone);
  if (at === start.month && month <= to) return { span: 'month', from: at, to: month };
  const day = startOfNextDay(at, zone);
  if (at === start.day && day <= to) return { span: 'day', from: at, to: day };
  const hour = nextHour(at, zone);
  if (at === start.hour && hour <= to) return { span: 'hour', from: at, to: hour };
  return { span: 'moment', from: at, to: Math.min(hour, to) };
}

/** Where the next site-local hour begins. Offsets change on quarter hours, so an hour may be short or long. */
function nextHour(at: number, zone: string): number {
  const hour = startOfHour(at, zone);
  let quarter = Math.floor(at / quarterHourMs) * quarterHourMs + quarterHourMs;
  while (startOfHour(quarter, zone) === hour) quarter += quarterHourMs;
  return quarter;
}
