import { sendsBeforeVoid } from '@manyi/config/limits';
import type { Receipt } from '@manyi/config/receipts';
import type { Log } from '../log.ts';
import type { Correction } from '../outbox/boots.ts';
import type { Numbered, Outbox } from '../outbox/outbox.ts';

/** Carries events from the outbox to the hub, in order, at most `inFlight` beyond the last receipt. */
export interface Drain {
  /** The line is up: sends from the last receipt on, once the hub has said how far it is. */
  open(): void;
  /** The line is down, or is going to be. */
  shut(): void;
  /** There may be something new to send. */
  wake(): void;
  /** Whether an event stored now leaves at once. */
  idle(): boolean;
  receipt(receipt: Receipt): void;
}

export interface DrainParts {
  readonly outbox: Outbox;
  readonly publish: (event: Numbered) => void;
  /** Messages that the broker itself has not acknowledged. */
  readonly unacknowledged: () => number;
  /** Gives the connection up for another. */
  readonly renew: () => void;
  readonly correction: () => Correction;
  /** The outbox got another name, or became empty: the status topic should say so. */
  readonly onTurn: () => void;
  /** The outbox could not be read or written; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
  readonly log: Log;
  /** How long to wait for the hub's first word before sending without it, and for a receipt before sending again. */
  readonly greetingMs?: number;
  readonly patienceMs?: number;
}

const inFlight = 500;
/** A smaller refill would cost one sync of the disk for every few events. */
const refill = inFlight / 2;
const longestPatienceMs = 60_000;

export function createDrain(parts: DrainParts): Drain {
  const { outbox, publish, unacknowledged, renew, correction, onTurn, onTrouble, log } = parts;
  const { greetingMs = 2000, patienceMs = 5000 } = parts;
  let sending = false;
  let up = false;
  /** Whether the hub has said on this connection how far it is. */
  let greeted = false;
  /** The highest number sent on this connection, and the head that is waited for. */
  let sent = 0;
  let head = { seq: 0, sends: 0, heard: false };
  let patience = patienceMs;
  let greeting: NodeJS.Timeout | undefined;
  let resend: NodeJS.Timeout | undefined;

  function begin(): void {
    clearTimeout(greeting);
    if (!up) return;
    sending = true;
    tried(() => {
      sent = outbox.status().first - 1;
    });
    pump();
  }

  function pump(): void {
    tried(() => {
      while (sending && sendPage());
    });
  }

  /** An outbox that cannot be read or written now is told, and tried again. */
  function tried(work: () => void): void {
    try {
      work();
    } catch (error) {
      onTrouble(error);
      resend ??= setTimeout(sendAgain, patience);
    }
  }

  /** Sends what there is room for; false when nothing is waiting, or when waiting makes a fuller page. */
  function sendPage(): boolean {
    const { first, next } = outbox.status();
    const room = first - 1 + inFlight - sent;
    const waiting = next - 1 - sent;
    if (waiting <= 0 || (room < refill && room < waiting)) return false;
    const page = outbox.read(sent, Math.min(room, refill), correction());
    for (const event of page) publish(event);
    sent = page.at(-1)?.seq ?? sent;
    follow(first);
    return page.length > 0;
  }

  /** Counts the sends of the head and starts waiting for its receipt. */
  function follow(first: number): void {
    if (head.seq !== first) head = { seq: first, sends: 1, heard: false };
    resend ??= setTimeout(sendAgain, patience);
  }

  /**
   * No receipt has moved for a while. A broker that does not even acknowledge is left for a new connection. When the hub was
   * heard since and still does not take the head, that was one send on a healthy link.
   */
  function sendAgain(): void {
    resend = undefined;
    tried(resendHead);
  }

  function resendHead(): void {
    const { first, next } = outbox.status();
    if (!sending || first === next) return;
    if (unacknowledged() > 0) {
      renew();
      return;
    }
    if (sent >= first) judge(first);
    sent = first - 1;
    pump();
  }

  function judge(first: number): void {
    if (!head.heard) {
      patience = Math.min(patience * 2, longestPatienceMs);
    } else if (head.sends < sendsBeforeVoid) {
      head = { seq: first, sends: head.sends + 1, heard: false };
    } else {
      log.error(`event ${first} was sent ${head.sends} times and never receipted: it is voided under its number`);
      outbox.voidUnreceipted(first);
      head = { seq: 0, sends: 0, heard: false };
    }
  }

  function moved(): void {
    clearTimeout(resend);
    resend = undefined;
    patience = patienceMs;
    const { first, next } = outbox.status();
    if (first === next) onTurn();
    else if (sent >= first) follow(first);
  }

  return {
    open() {
      up = true;
      patience = patienceMs;
      if (greeted) begin();
      else greeting = setTimeout(begin, greetingMs);
    },
    shut() {
      up = false;
      greeted = false;
      sending = false;
      clearTimeout(greeting);
      clearTimeout(resend);
      resend = undefined;
    },
    wake: pump,
    idle: () => sending && sent === outbox.status().next - 1 && sent - outbox.status().first < refill,
    receipt(receipt) {
      greeted = true;
      const before = outbox.status().first;
      const taken = outbox.receipt(receipt);
      if (taken === 'foreign') return log.debug(`a receipt for outbox ${receipt.outbox}, which is not this one`);
      if (taken === 'renamed') {
        log.warn(
          `the hub knows number ${receipt.through} of this outbox, which was never sent: a new outbox is opened`,
        );
        onTurn();
        return begin();
      }
      if (outbox.status().first > before) moved();
      else if (receipt.through < head.seq) head.heard = true;
      if (sending) pump();
      else begin();
    },
  };
}
