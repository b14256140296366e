import type { OnlineStatus } from '@manyi/config/status';
import type { Message } from './message.ts';
import { putAside } from './put-aside.ts';
import { readStatus } from './reading.ts';
import type { Verdict } from './take-event.ts';
import type { Work } from './work.ts';

/** Takes one message of a `status` topic. Every `online` gets the receipt of its outbox. */
export function takeStatus(message: Message, work: Work): Verdict {
  const reading = readStatus(message.payload);
  if ('problem' in reading) return putAside(message, reading.problem, work);
  const { status } = reading;
  if (status.state === 'online') passMissing(message, status, work);
  work.statuses.push({ site: message.site, terminal: message.terminal, status, arrived: message.arrived });
  return 'taken';
}

/** Numbers that the terminal no longer holds and the hub lacks will never come: they are recorded as missing, and passed. */
function passMissing(message: Message, status: OnlineStatus, work: Work): void {
  const outbox = work.outboxOf(message, status.outbox);
  outbox.next = status.next;
  for (const range of outbox.numbers.gaps(Math.min(status.first, status.next) - 1)) {
    work.store.settle(outbox.key, range, 'missing', message.arrived);
    outbox.numbers.settle(range);
    work.deliver(message, message.arrived, 'missing', range.last - range.first + 1);
    work.missing(message, outbox.outbox, range);
  }
}
