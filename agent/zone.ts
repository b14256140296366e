import { existsSync } from 'node:fs';
import { isTimeZone, writeInstant } from '@manyi/config/zone';

/** Site-local time for a small machine: the first word of `Intl` costs it 8 MB, while `Date` in another zone costs next to nothing. */

/** Offsets of all zones change on quarter hours: the last answer of each zone holds that long. */
const quarterHourMs = 15 * 60 * 1000;
const offsets = new Map<string, { readonly quarter: number; readonly offset: number }>();

/** The instant (epoch milliseconds) as RFC 3339 with the zone's offset and milliseconds. */
export function toLocalRfc3339(at: number, zone: string): string {
  const quarter = Math.floor(at / quarterHourMs);
  let known = offsets.get(zone);
  if (known?.quarter !== quarter) {
    known = { quarter, offset: offsetOf(zone, quarter * quarterHourMs) };
    offsets.set(zone, known);
  }
  return writeInstant(at, known.offset);
}

/** Whether the zone can be used: known to the system, else to `Intl`. */
export function isKnownZone(zone: string): boolean {
  return (/^\w+(\/[\w+-]+)+$/.test(zone) && existsSync(`/usr/share/zoneinfo/${zone}`)) || isTimeZone(zone);
}

/** Asks `Date`, which knows one zone at a time: the process is in the zone for the length of one question. */
function offsetOf(zone: string, at: number): number {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    return -new Date(at).getTimezoneOffset() * 60_000;
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
}
