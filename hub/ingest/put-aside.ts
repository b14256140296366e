import type { Message } from './message.ts';
import type { Numbered, Problem } from './reading.ts';
import type { Outbox } from './store.ts';
import type { Verdict } from './take-event.ts';
import type { Work } from './work.ts';

/**
 * Keeps what could not be taken. Its number, where it can be read, is settled by that, so that the terminal may go on; a number that was
 * settled before is used twice now.
 */
export function putAside(message: Message, problem: Problem, work: Work): Verdict {
  const { number } = problem;
  if (number === null) {
    keepBeside(message, problem, work);
    return 'aside';
  }
  const outbox = work.outboxOf(message, number.outbox);
  if (!outbox.numbers.has(number.seq) || takesMissing(message, outbox, number.seq, work)) {
    settleOne(outbox, number.seq, 'quarantined', message.arrived, work);
    work.deliver(message, message.arrived, 'quarantined', 1);
    work.quarantine.keep(message, problem);
    return 'aside';
  }
  if (isKnown(message, outbox, number, work)) return 'known';
  return reuse(message, outbox, number, work, `${problem.reason} ${problem.detail ?? ''}`);
}

/** Another event under a number that is taken: kept, told of, and never in the ledger. */
export function reuse(message: Message, outbox: Outbox, number: Numbered, work: Work, besides = ''): Verdict {
  if (work.quarantine.holds(message.terminal, number, message.payload)) return 'known';
  const detail = `another event has number ${number.seq}${besides === '' ? '' : `; this one: ${besides.trim()}`}`;
  keepBeside(message, { reason: 'number-reused', detail, number }, work);
  work.reused(message, outbox.outbox, number.seq);
  return 'aside';
}

/** Settles a number without an entry of its own. */
export function settleOne(outbox: Outbox, seq: number, how: 'quarantined' | 'repeated', at: number, work: Work): void {
  const range = { first: seq, last: seq };
  work.store.settle(outbox.key, range, how, at);
  outbox.numbers.settle(range);
}

/** Whether the number was given up as missing: it is no longer, since something has come under it. */
export function takesMissing(message: Message, outbox: Outbox, seq: number, work: Work): boolean {
  const settled = work.store.settledAt(outbox.key, seq);
  if (settled?.how !== 'missing') return false;
  work.store.unsettle(outbox.key, seq);
  work.deliver(message, settled.at, 'missing', -1);
  return true;
}

/** What has no number of its own is counted also where the quarantine has no room for it. */
function keepBeside(message: Message, problem: Problem, work: Work): void {
  if (!work.quarantine.keep(message, problem)) work.deliver(message, message.arrived, 'beyond', 1);
}

/** Whether this very event has the number; also where the quarantine had no room for what took it, and nobody can tell. */
function isKnown({ terminal }: Message, outbox: Outbox, { seq, id }: Numbered, work: Work): boolean {
  const held = work.store.eventAt(outbox.key, seq);
  if (held !== undefined) return held === id;
  if (work.store.settledAt(outbox.key, seq)?.how !== 'quarantined') return false;
  return work.quarantine.takerOf(terminal, outbox.outbox, seq) === undefined;
}
