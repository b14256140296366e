import { eventSequence, eventSource } from '@manyi/config/envelope';
import type { Numbered } from '../outbox/outbox.ts';
import { toLocalRfc3339 } from '../zone.ts';

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
    time: toLocalRfc3339(time, timeZone),
    datacontenttype: 'application/json',
    sequence: eventSequence(seq),
    data: { outbox, seq, clock: { boot, uptimeMs, synced }, ...shifted(event.data, time - happened, timeZone) },
  });
}

/** Instants inside the data were written by the agent's own time: they move with the event's. */
function shifted(data: Numbered['data'], shiftMs: number, timeZone: string): Numbered['data'] {
  const { startedAt } = data;
  if (shiftMs === 0 || typeof startedAt !== 'string') return data;
  return { ...data, startedAt: toLocalRfc3339(Date.parse(startedAt) + shiftMs, timeZone) };
}
