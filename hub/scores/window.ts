import { addDays, localDate, startOfDate } from '@manyi/config/zone';
import { z } from 'zod';
import { invalid } from '../errors.ts';

/** A stretch of time in epoch milliseconds: `from` included, `to` excluded. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** How the outside names a moment: an instant, or a date that begins when it begins at the site. */
export type Moment = { readonly date: string } | { readonly at: number };

/** `from` and `to` of a query. */
export const momentText = z.string().min(8).max(40).describe('an RFC 3339 time, or a date of the site, YYYY-MM-DD');

const instantText = z.iso.datetime({ offset: true });
const earliest = Date.UTC(1970, 0, 2);
const latest = Date.UTC(9999, 0, 1);

/** Reads `from` or `to`. A `+` that came as a space, for want of percent-encoding, is understood. Throws a 400 that names the field. */
export function readMoment(field: string, text: string): Moment {
  const written = text.replace(/ (?=\d\d:\d\d$)/, '+');
  const isDate = z.iso.date().safeParse(written).success;
  if (!isDate && !instantText.safeParse(written).success) {
    throw invalid(
      `querystring.${field}`,
      'use an RFC 3339 time such as 2026-11-22T09:00:00+08:00, or a date such as 2026-11-22',
    );
  }
  const at = Date.parse(written);
  if (at < earliest || at > latest) throw invalid(`querystring.${field}`, 'lies outside the years 1970 to 9998');
  return isDate ? { date: written } : { at };
}

/** The instant of a moment at a site with this zone. */
export function instantOf(moment: Moment, zone: string): number {
  return 'at' in moment ? moment.at : startOfDate(moment.date, zone);
}

/** The window of a query at a site: what is not said is the site's today. `from` after `to` is refused. */
export function windowAt(from: Moment | null, to: Moment | null, zone: string, now: number): Window {
  const today = localDate(now, zone);
  const window = {
    from: from === null ? startOfDate(today, zone) : instantOf(from, zone),
    to: to === null ? startOfDate(addDays(today, 1), zone) : instantOf(to, zone),
  };
  if (window.from > window.to) throw invalid('querystring.to', 'lies before the beginning of the window');
  return window;
}
