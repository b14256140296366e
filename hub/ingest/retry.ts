import type { Logger } from 'pino';
import type { Batch } from './batch.ts';
import type { Quarantine, Quarantined } from './quarantine.ts';
import { readEvent } from './reading.ts';
import { isStorageError } from './taker.ts';

const pageSize = 200;

/**
 * Tries the quarantine again, oldest first: what this version understands goes to the ledger, as it would have at its arrival; the
 * rest stays. A number that was used twice stays used twice. Gives how many messages are in the ledger now.
 */
export function retryQuarantine(quarantine: Quarantine, batch: Batch, log: Logger): number {
  let taken = 0;
  let page = quarantine.page(0, pageSize);
  while (page.length > 0) {
    taken += takePage(page.filter(isUnderstood), quarantine, batch, log);
    page = quarantine.page(page.at(-1)?.id ?? 0, pageSize);
  }
  if (taken > 0) log.info({ taken }, 'messages from the quarantine are understood now, and in the ledger');
  return taken;
}

function isUnderstood({ reason, message }: Quarantined): boolean {
  return reason !== 'number-reused' && message.channel === 'events' && 'event' in readEvent(message.payload);
}

/** All in one transaction, and where that fails each alone. */
function takePage(page: readonly Quarantined[], quarantine: Quarantine, batch: Batch, log: Logger): number {
  try {
    const { verdicts } = batch.take(page.map(({ message }) => message));
    const taken = page.filter((_, index) => verdicts[index] === 'taken');
    for (const { id } of taken) quarantine.remove(id);
    return taken.length;
  } catch (error) {
    if (isStorageError(error)) throw error;
    if (page.length > 1) return page.reduce((sum, one) => sum + takePage([one], quarantine, batch, log), 0);
    log.warn(
      { id: page[0]?.id, err: error },
      'a message in quarantine is understood, but the hub still fails on it: it stays',
    );
    return 0;
  }
}
