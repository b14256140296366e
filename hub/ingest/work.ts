import type { Receipt } from '@manyi/config/receipts';
import type { Status } from '@manyi/config/status';
import type { Entry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Tallies } from '../tallies/store.ts';
import { buckets } from '../tallies/windows.ts';
import { missingFact, reusedFact } from './facts.ts';
import type { Message } from './message.ts';
import type { Range } from './numbers.ts';
import type { Outboxes } from './outboxes.ts';
import type { Quarantine } from './quarantine.ts';
import type { Delivered, IngestStore, Outbox, SiteRules } from './store.ts';

/** What a batch works with. */
export interface BatchParts {
  readonly ledger: Ledger;
  readonly tallies: Tallies;
  readonly store: IngestStore;
  readonly outboxes: Outboxes;
  readonly quarantine: Quarantine;
}

/** A status that has been understood. */
export interface HeardStatus {
  readonly site: string;
  readonly terminal: string;
  readonly status: Status;
  /** Epoch milliseconds. */
  readonly arrived: number;
}

/** A receipt, and the terminal that it is for. */
export interface AddressedReceipt {
  readonly site: string;
  readonly terminal: string;
  readonly receipt: Receipt;
}

/** What one transaction gathers, to be written once at its end. */
export interface Work extends BatchParts {
  readonly entries: Entry[];
  readonly statuses: HeardStatus[];
  /** The outbox of a message, which gets a receipt from this batch. */
  outboxOf(message: Message, outbox: string): Outbox;
  /** Throws where the site does not exist. */
  site(id: string): SiteRules;
  /** Counts what becomes of a terminal's numbers, on the site-local day of the instant. */
  deliver(message: Message, at: number, what: Delivered, count: number): void;
  reused(message: Message, outbox: string, seq: number): void;
  missing(message: Message, outbox: string, range: Range): void;
  /** Writes what was gathered. */
  finish(): AddressedReceipt[];
}

export function startWork(parts: BatchParts): Work {
  const { ledger, tallies, store, outboxes } = parts;
  const sites = new Map<string, SiteRules>();
  const homes = new Map<Outbox, string>();
  const days = new Map<string, { terminal: string; day: number; counts: Record<Delivered, number> }>();
  const reuses = new Map<string, { message: Message; outbox: string; seq: number; count: number }>();
  const missed: { message: Message; outbox: string; range: Range }[] = [];

  const site = (id: string): SiteRules => {
    const rules = sites.get(id) ?? store.site(id);
    if (rules === undefined) throw new Error(`there is no site ${id}`);
    sites.set(id, rules);
    return rules;
  };
  const writeFacts = () => {
    const facts = missed.map(({ message, outbox, range }) => missingFact(message, outbox, range));
    for (const { message, outbox, seq, count } of reuses.values()) facts.push(reusedFact(message, outbox, seq, count));
    if (facts.length > 0) ledger.append(facts);
  };

  return {
    ...parts,
    entries: [],
    statuses: [],
    site,
    outboxOf(message, name) {
      const outbox = outboxes.of(message.terminal, name);
      homes.set(outbox, message.site);
      return outbox;
    },
    deliver({ site: id, terminal }, at, what, count) {
      const day = buckets(at, site(id).zone).day;
      const sum = days.get(`${terminal} ${day}`) ?? {
        terminal,
        day,
        counts: { received: 0, quarantined: 0, missing: 0, beyond: 0 },
      };
      sum.counts[what] += count;
      days.set(`${terminal} ${day}`, sum);
    },
    reused(message, outbox, seq) {
      const known = reuses.get(`${message.terminal} ${outbox}`);
      if (known === undefined) reuses.set(`${message.terminal} ${outbox}`, { message, outbox, seq, count: 1 });
      else known.count += 1;
    },
    missing: (message, outbox, range) => {
      missed.push({ message, outbox, range });
    },
    finish() {
      tallies.flush();
      for (const { terminal, day, counts } of days.values()) store.deliver(terminal, day, counts);
      writeFacts();
      return outboxes.save().map((outbox) => ({
        site: homes.get(outbox) ?? '',
        terminal: outbox.terminal,
        receipt: { outbox: outbox.outbox, through: outbox.numbers.through },
      }));
    },
  };
}
