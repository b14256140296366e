import { randomUUID } from 'node:crypto';
import { type Outbox, type OutboxParts, openOutbox } from '@manyi/agent/outbox/outbox';

/** The time at which every boot of these tests is anchored, so that instants are easy to read. */
export const bootedAt = 1_000_000;
export const noShift = { shiftMs: 0, synced: true };

/** An outbox in a folder, on a machine and in a boot that are the same unless said otherwise. */
export function outboxIn(folder: string, parts: Partial<OutboxParts> = {}): Outbox {
  return openOutbox({
    folder,
    fingerprint: 'this machine',
    boot: '00000000-0000-4000-8000-000000000001',
    anchor: () => bootedAt,
    newId: randomUUID,
    onBroken: () => {},
    ...parts,
  });
}

/** Stores `count` events that say which they are. */
export function fill(outbox: Outbox, count: number, from = 1): void {
  for (let n = from; n < from + count; n++) {
    outbox.commit({ state: { n }, events: [{ type: 'manyi.duty.started.v1', data: { n } }], now: bootedAt + n });
  }
}
