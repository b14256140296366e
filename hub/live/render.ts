import type { LiveEntry } from '@manyi/config/live';
import { toRfc3339 } from '@manyi/config/zone';
import type { Entry } from '../ledger/entry.ts';

/**
 * Makes the text of an entry's server-sent event, its position as the id. However many readers there are, a text is made once:
 * all of them are handed the same entry.
 */
export function createRenderer(zoneOf: (site: string) => string): (entry: Entry) => string {
  const made = new WeakMap<Entry, string>();
  return (entry) => {
    const known = made.get(entry);
    if (known !== undefined) return known;
    const text = `id: ${entry.position}\ndata: ${JSON.stringify(toLive(entry, zoneOf))}\n\n`;
    made.set(entry, text);
    return text;
  };
}

function toLive(entry: Entry, zoneOf: (site: string) => string): LiveEntry {
  return {
    position: entry.position,
    type: entry.type,
    time: toRfc3339(entry.time, entry.site === null ? 'UTC' : zoneOf(entry.site)),
    site: entry.site,
    counter: entry.counter || null,
    terminal: entry.terminal,
    clerk: entry.clerk || null,
    service: entry.service,
    data: JSON.parse(entry.data) as Record<string, unknown>,
  };
}
