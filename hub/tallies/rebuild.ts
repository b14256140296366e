import type { Database } from '../database/database.ts';
import type { Entry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Tallies } from './store.ts';

const pageSize = 2000;

/**
 * Makes services, ratings, duties and tallies anew from the ledger, in one transaction: the same numbers as before.
 * It holds the database for as long as it takes. `zoneOf` gives the time zone of a site.
 */
export function rebuild(
  database: Database,
  ledger: Ledger,
  tallies: Tallies,
  zoneOf: (site: string) => string | undefined,
): void {
  database.sqlite.transaction(() => {
    tallies.clear();
    for (let page = ledger.read(0, pageSize); page.length > 0; page = ledger.read(lastOf(page), pageSize)) {
      for (const entry of page) take(entry, tallies, zoneOf);
      tallies.flush();
    }
  })();
}

function take(entry: Entry, tallies: Tallies, zoneOf: (site: string) => string | undefined): void {
  const { position, type, time, site, terminal, called } = entry;
  if (site === null || terminal === null) return;
  const zone = zoneOf(site);
  if (zone === undefined) throw new Error(`the ledger names site ${site}, which does not exist (position ${position})`);
  const place = { position, time, site, terminal, counter: entry.counter ?? '', clerk: entry.clerk ?? '', called };
  tallies.take({ type, data: JSON.parse(entry.data) }, place, zone);
}

function lastOf(page: readonly Entry[]): number {
  return page.at(-1)?.position ?? 0;
}
