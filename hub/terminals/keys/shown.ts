import type { Site, TerminalKeys } from '@manyi/config/api';
import { profiles } from '@manyi/config/profiles';
import { toRfc3339 } from '@manyi/config/zone';
import { answers, type KeyBook } from './keys.ts';

/** What a terminal's keys have told, as its site shows it; null while nobody has pressed a key of the site's profile. */
export function shownKeys(
  book: KeyBook,
  { profile, timeZone }: Pick<Site, 'profile' | 'timeZone'>,
): TerminalKeys | null {
  if (book.profile !== null && book.profile !== profile) return null;
  const time = (at: number) => toRfc3339(at, timeZone);
  const levels = profiles[profile].levels.map(({ name }) => name);
  const { since, panel } = book;
  return {
    since: time(since),
    keys: answers(book, levels).map(({ last, ...key }) => ({ ...key, last: last === null ? null : time(last) })),
    panel:
      panel === null ? null : { id: panel.id, since: time(panel.since), told: time(panel.told), begun: panel.begun },
  };
}
