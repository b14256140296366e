/** Site-local time. Offsets of all zones change on quarter hours, so one answer per zone and quarter hour is kept. */

const quarterHourMs = 15 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;
const hourMs = 60 * 60 * 1000;
const zones = new Map<string, { format: Intl.DateTimeFormat; offsets: Map<number, number> }>();

/** Whether the runtime knows the IANA zone name. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds that local time is ahead of UTC at the instant (epoch milliseconds). */
export function zoneOffset(zone: string, at: number): number {
  const quarter = Math.floor(at / quarterHourMs);
  const known = zoneOf(zone);
  let offset = known.offsets.get(quarter);
  if (offset === undefined) {
    if (known.offsets.size > 100_000) known.offsets.clear();
    offset = computeOffset(known.format, quarter * quarterHourMs);
    known.offsets.set(quarter, offset);
  }
  return offset;
}

/** The instant as RFC 3339 with the zone's offset and milliseconds. */
export function toRfc3339(at: number, zone: string): string {
  return writeInstant(at, zoneOffset(zone, at));
}

/** The instant as RFC 3339 with milliseconds, at an offset from UTC in milliseconds. */
export function writeInstant(at: number, offset: number): string {
  const sign = offset < 0 ? '-' : '+';
  const minutes = Math.abs(offset) / 60_000;
  const hh = String(Math.floor(minutes / 60)).padStart(2, '0');
  const mm = String(Math.floor(minutes % 60)).padStart(2, '0');
  return `${new Date(at + offset).toISOString().slice(0, -1)}${sign}${hh}:${mm}`;
}

/** The site-local date of the instant, `YYYY-MM-DD`. */
export function localDate(at: number, zone: string): string {
  return new Date(at + zoneOffset(zone, at)).toISOString().slice(0, 10);
}

/** The instant at which the site-local date begins: its first moment, also where midnight is skipped. */
export function startOfDate(date: string, zone: string): number {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const first = midnight - zoneOffset(zone, midnight - zoneOffset(zone, midnight));
  if (localDate(first, zone) === date && localDate(first - 1, zone) !== date) return first;
  let at = Math.floor((midnight - dayMs) / quarterHourMs) * quarterHourMs;
  while (localDate(at, zone) < date) at += quarterHourMs;
  return at;
}

/** The instant at which the instant's site-local day begins. */
export function startOfDay(at: number, zone: string): number {
  return startOfDate(localDate(at, zone), zone);
}

/** The instant at which the site-local day after the instant's begins. */
export function startOfNextDay(at: number, zone: string): number {
  return startOfDate(addDays(localDate(at, zone), 1), zone);
}

/** The instant at which the instant's site-local hour begins: with the clocks being set, where that cuts the hour. */
export function startOfHour(at: number, zone: string): number {
  const offset = zoneOffset(zone, at);
  let start = Math.floor((at + offset) / hourMs) * hourMs - offset;
  while (zoneOffset(zone, start) !== offset) start += quarterHourMs;
  return start;
}

/** The instant at which the instant's site-local month begins. */
export function startOfMonth(at: number, zone: string): number {
  return startOfDate(`${localDate(at, zone).slice(0, 7)}-01`, zone);
}

/** A date some days later (or earlier), `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

function zoneOf(zone: string) {
  let known = zones.get(zone);
  if (known === undefined) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    known = { format, offsets: new Map() };
    zones.set(zone, known);
  }
  return known;
}

function computeOffset(format: Intl.DateTimeFormat, at: number): number {
  const name = format.formatToParts(at).find((piece) => piece.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?/.exec(name);
  if (!match?.[1]) return 0;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return (match[1] === '-' ? -seconds : seconds) * 1000;
}
