import type { ManyiEvent } from '@manyi/config/events';
import { maxClockLeadMs } from '@manyi/config/limits';
import type { NewEntry } from '../ledger/entry.ts';
import { foreignDetail, foreignReason, type Places } from './foreign.ts';
import type { Message } from './message.ts';
import { putAside, reuse, settleOne, takesMissing } from './put-aside.ts';
import { readEvent } from './reading.ts';
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
  if (outbox.hasSiblings && isRepeated(message, event, outbox, work)) {
    return settleRepeated(message, event, outbox, work);
  }
  return takeOwn(message, event, outbox, work);
}

/** Takes an event whose number is free, or was given up as missing, unless it speaks of what is another terminal's. */
function takeOwn(message: Message, event: ManyiEvent, outbox: Outbox, work: Work, wasMissing = false): Verdict {
  const reason = foreignReason(event, message.terminal, work);
  // A device that has become another terminal brings what it still held: the ledger has it as the earlier one's.
  const repeated = (reason !== null || wasMissing) && isRepeated(message, event, outbox, work);
  if (reason !== null && !repeated) {
    const number = { outbox: outbox.outbox, seq: event.data.seq, id: event.id };
    return putAside(message, { reason, detail: foreignDetail(event, reason), number }, work);
  }
  if (wasMissing) takesMissing(message, outbox, event.data.seq, work);
  return (repeated ? settleRepeated : append)(message, event, outbox, work);
}

/** The number is settled already: by this event, by another, or without any. */
function takeAgain(message: Message, event: ManyiEvent, outbox: Outbox, work: Work): Verdict {
  const { seq } = event.data;
  const number = { outbox: outbox.outbox, seq, id: event.id };
  const held = work.store.eventAt(outbox.key, seq);
  const settled = held === undefined ? work.store.settledAt(outbox.key, seq) : undefined;
  if (settled?.how === 'missing') return takeOwn(message, event, outbox, work, true);
  // What is safe under its number need not be voided any more.
  if (held === event.id || event.type === 'manyi.outbox.voided.v1') return 'known';
  if (held !== undefined) return reuse(message, outbox, number, work);
  if (settled === undefined) return 'known';
  if (settled.how === 'repeated')
    return isRepeated(message, event, outbox, work) ? 'known' : reuse(message, outbox, number, work);
  const taker = work.quarantine.takerOf(message.terminal, outbox.outbox, seq);
  const isAnothers = taker !== undefined && taker !== null && taker !== event.id;
  if (isAnothers || foreignReason(event, message.terminal, work) !== null) return reuse(message, outbox, number, work);
  work.quarantine.release(message.terminal, number);
  work.store.unsettle(outbox.key, seq);
  work.deliver(message, settled.at, 'quarantined', -1);
  return append(message, event, outbox, work);
}

/** Whether the ledger has the event under another number already. */
function isRepeated({ terminal }: Message, event: ManyiEvent, outbox: Outbox, work: Work): boolean {
  const { service = null } = event.data as Places;
  return work.store.isElsewhere(event.id, service, terminal, outbox.key);
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
