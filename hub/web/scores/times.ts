import type { ScoreRow, Site } from '@manyi/config/api';
import { addDays, localDate, startOfDate, startOfNextDay } from '@manyi/config/zone';
import type { Days } from '../frame/range.ts';
import type { Language } from '../i18n/i18n.ts';
import type { Bar } from './chart.tsx';

const hourMs = 3_600_000;

/** The instant that the key of an hour or a day names: RFC 3339, or a date of the site. Null for any other key. */
function instantOf(key: string, zone: string): number | null {
  if (/^\d{4}-\d\d-\d\d$/.test(key)) return startOfDate(key, zone);
  const at = Date.parse(key);
  return Number.isNaN(at) ? null : at;
}

/** The name of an hour or a day at the site, in the language. */
export function timeName(key: string, by: 'hour' | 'day', zone: string, language: Language): string {
  const at = instantOf(key, zone);
  if (at === null) return key;
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const day: Intl.DateTimeFormatOptions = {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: language === 'zh' ? 'long' : 'short',
  };
  if (by === 'day') return new Intl.DateTimeFormat(locale, day).format(at);
  return new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** Every day of the range as a bar, also those without ratings. */
export function dayBars(
  rows: readonly ScoreRow[],
  { first, last }: Days,
  { timeZone }: Site,
  language: Language,
): Bar[] {
  const byDate = new Map(rows.map((row) => [localDate(instantOf(row.key, timeZone) ?? 0, timeZone), row]));
  const bars: Bar[] = [];
  for (let date = first; date <= last; date = addDays(date, 1)) {
    bars.push({ label: shortDate(date, timeZone, language), row: byDate.get(date) ?? null });
  }
  return bars;
}

/** Every hour from the first with ratings to the last. */
export function hourBars(rows: readonly ScoreRow[], { timeZone }: Site, oneDay: boolean, language: Language): Bar[] {
  const byHour = new Map(rows.map((row) => [instantOf(row.key, timeZone) ?? 0, row]));
  const hours = [...byHour.keys()].sort((a, b) => a - b);
  const [first, last] = oneDay ? openingHours(hours, timeZone) : [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return [];
  const bars: Bar[] = [];
  for (let at = first; at <= last; at += hourMs) {
    bars.push({ label: hourName(at, timeZone, oneDay, language), row: byHour.get(at) ?? null });
  }
  return bars;
}

/** The hours of one day: at least from eight to eighteen, so that the day does not look shorter than it is. */
function openingHours(hours: readonly number[], zone: string): [number, number] | [] {
  const [some] = hours;
  if (some === undefined) return [];
  const midnight = startOfDate(localDate(some, zone), zone);
  return [
    Math.min(some, midnight + 8 * hourMs),
    Math.max(hours.at(-1) ?? some, Math.min(midnight + 17 * hourMs, startOfNextDay(some, zone) - hourMs)),
  ];
}

function hourName(at: number, timeZone: string, oneDay: boolean, language: Language): string {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const clock: Intl.DateTimeFormatOptions = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return new Intl.DateTimeFormat(locale, oneDay ? clock : { ...clock, day: 'numeric', month: 'numeric' }).format(at);
}

function shortDate(date: string, timeZone: string, language: Language): string {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'numeric' }).format(
    startOfDate(date, timeZone),
  );
}
