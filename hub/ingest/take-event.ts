import type { ManyiEvent } from '@manyi/config/events';
import { maxClockLeadMs } from '@manyi/config/limits';
import type { NewEntry } from '../ledger/entry.ts';
import type { Message } from './message.ts';
import { type Problem, readEvent } from './reading.ts';
import type { Outbox } from './store.ts';
import type { Work } from './work.ts';

/** What became of a message: in the ledger now, there (or put aside) already, or put aside. */
export type Verdict = 'taken' | 'known' | 'aside';

/** Takes one message of an `events` topic: every way that Contract v1 names under "Events, numbers, receipts". */
export function takeEvent(message: Message, work: Work): Verdict {
  const reading = readEvent(message.payload);
  if ('problem' in reading) return putAside(message, reading.problem, work);
  const { event } = reading;
  const outbox = work.outboxOf(message, event.data.outbox);
  if (outbox.numbers.has(event.data.seq)) return takeAgain(message, event, outbox, work);
  const { service = null } = event.data as Places;
  if (outbox.hasSiblings && work.store.isElsewhere(event.id, service, message.terminal, outbox.key)) {
    return settleRepeated(message, event, outbox, work);
  }
  return append(message, event, outbox, work);
}

/** Keeps what could not be taken. Its number, where it can be read, is settled by that, so that the terminal may go on. */
export function putAside(message: Message, problem: Problem, work: Work): Verdict {
  const { number } = problem;
  if (number !== null) {
    const outbox = work.outboxOf(message, number.outbox);
    if (outbox.numbers.has(number.seq)) {
      const isKnown =
        work.store.eventAt(outbox.key, number.seq) === number.id || work.quarantine.holds(message.terminal, problem);
      if (isKnown || work.store.settledAt(outbox.key, number.seq)?.how === 'quarantined') return 'known';
    } else {
      settleOne(outbox, number.seq, 'quarantined', message.arrived, work);
      work.deliver(message, message.arrived, 'quarantined', 1);
    }
  }
  const isKept = work.quarantine.keep(message, problem);
  if (!isKept && number === null) work.deliver(message, message.arrived, 'beyond', 1);
  return 'aside';
}

/** The number is settled already: by this event, by another, or without any. */
function takeAgain(message: Message, event: ManyiEvent, outbox: Outbox, work: Work): Verdict {
  const { seq } = event.data;
  const held = work.store.eventAt(outbox.key, seq);
  // What is safe under its number need not be voided any more.
  if (held === event.id || event.type === 'manyi.outbox.voided.v1') return 'known';
  if (held !== undefined) return reuse(message, event, outbox, work);
  const settled = work.store.settledAt(outbox.key, seq);
  if (settled === undefined || settled.how === 'repeated') return 'known';
  if (settled.how === 'quarantined') {
    const kept = work.quarantine.eventsAt(message.terminal, outbox.outbox, seq);
    if (kept.some((id) => id !== null && id !== event.id) && !kept.includes(event.id)) {
      return reuse(message, event, outbox, work);
    }
    work.quarantine.release(message.terminal, outbox.outbox, seq, event.id);
  }
  work.store.unsettle(outbox.key, seq);
  work.deliver(message, settled.at, settled.how, -1);
  return append(message, event, outbox, work);
}

function reuse(message: Message, event: ManyiEvent, outbox: Outbox, work: Work): Verdict {
  const { seq } = event.data;
  const number = { outbox: outbox.outbox, seq, id: event.id };
  const problem: Problem = { reason: 'number-reused', detail: `another event has number ${seq}`, number };
  if (work.quarantine.holds(message.terminal, problem)) return 'known';
  if (!work.quarantine.keep(message, problem)) work.deliver(message, message.arrived, 'beyond', 1);
  work.reused(message, outbox.outbox, seq);
  return 'aside';
}

/** A terminal that opened a new outbox sends again what it still held, under new numbers: the ledger has it already. */
function settleRepeated(message: Message, event: ManyiEvent, outbox: Outbox, work: Work): Verdict {
  settleOne(outbox, event.data.seq, 'repeated', message.arrived, work);
  work.deliver(message, countedTime(message, event).time, 'received', 1);
  return 'known';
}

function append(message: Message, event: ManyiEvent, outbox: Outbox, work: Work): Verdict {
  const entry = work.ledger.write(newEntry(message, event, outbox, work));
  work.entries.push(entry);
  const { position, time, called } = entry;
  const { site, terminal } = message;
  const place = { position, time, site, terminal, counter: entry.counter ?? '', clerk: entry.clerk ?? '', called };
  work.tallies.take(event, place, work.site(site).zone);
  outbox.numbers.settle({ first: event.data.seq, last: event.data.seq });
  work.deliver(message, time, 'received', 1);
  return 'taken';
}

/** What the data of most types names. */
interface Places {
  readonly clerk?: string | null;
  readonly counter?: string | null;
  readonly service?: string | null;
}

function newEntry(message: Message, event: ManyiEvent, outbox: Outbox, work: Work): NewEntry {
  const { site, terminal, arrived } = message;
  const { clerk = null, counter = null, service = null } = event.data as Places;
  const { time, claimed } = countedTime(message, event);
  return {
    id: event.id,
    type: event.type,
    time,
    claimed,
    arrived,
    site,
    terminal,
    counter: counter ?? work.store.counterAt(terminal, time),
    clerk,
    service,
    outboxKey: outbox.key,
    seq: event.data.seq,
    called: work.site(site).called,
    data: JSON.stringify(event.data),
  };
}

/** An event without a time, or with one too far ahead, counts at its arrival. */
function countedTime({ arrived }: Message, { time }: ManyiEvent): { time: number; claimed: number | null } {
  if (time === null || time === undefined) return { time: arrived, claimed: null };
  const said = Date.parse(time);
  return said > arrived + maxClockLeadMs ? { time: arrived, claimed: said } : { time: said, claimed: null };
}

function settleOne(outbox: Outbox, seq: number, how: 'quarantined' | 'repeated', at: number, work: Work): void {
  const range = { first: seq, last: seq };
  work.store.settle(outbox.key, range, how, at);
  outbox.numbers.settle(range);
}
