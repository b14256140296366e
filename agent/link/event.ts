import { eventSequence, eventSource } from '@manyi/config/envelope';
import { toRfc3339 } from '@manyi/config/zone';
import type { Numbered } from '../outbox/outbox.ts';

/** Where events come from, and the zone their times are written in. */
export interface Source {
  readonly site: string;
  readonly terminal: string;
  readonly timeZone: string;
}

/** An event of the outbox as it goes over the wire: CloudEvents 1.0, structured (Contract v1, "An event"). */
export function writeEvent(event: Numbered, outbox: string, { site, terminal, timeZone }: Source): string {
  const { id, type, seq, boot, uptimeMs, synced, time, happened } = event;
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: eventSource(site, terminal),
    type,
    time: toRfc3339(time, timeZone),
    datacontenttype: 'application/json',
    sequence: eventSequence(seq),
    data: { outbox, seq, clock: { boot, uptimeMs, synced }, ...shifted(event.data, time - happened, timeZone) },
  });
}

/** Instants inside the data were written by the agent's own time: they move with the event's. */
function shifted(data: Numbered['data'], shiftMs: number, timeZone: string): Numbered['data'] {
  const { startedAt } = data;
  if (shiftMs === 0 || typeof startedAt !== 'string') return data;
  return { ...data, startedAt: toRfc3339(Date.parse(startedAt) + shiftMs, timeZone) };
}
