import { type Counter, type Site, site as siteSchema } from '@manyi/config/api';
import type { Database } from '../../database/database.ts';
import type { SitesTable } from '../../database/schema.ts';
import type { Fact } from '../../ledger/entry.ts';
import type { Changes } from '../changes.ts';
import type { Scope } from '../pages.ts';

export interface PlaceStore {
  site(id: string): Promise<Site | null>;
  sites(scope: Scope, after: string, limit: number): Promise<Site[]>;
  addSite(site: Site, fact: Fact): void;
  changeSite(site: Site, fact: Fact): void;
  removeSite(id: string, fact: Fact): void;
  /** Whether anything has been counted at the site, by days of its zone. */
  hasFigures(site: string): Promise<boolean>;
  /** Whether there are recordings of the site, here or at its terminals. */
  hasRecordings(site: string): boolean;
  /** Whether a terminal stands at the counter, or anywhere at the site. */
  hasTerminals(site: string, counter: string | null): Promise<boolean>;
  counter(site: string, id: string): Promise<Counter | null>;
  /** In the order of site and id; `after` is the key of the last one before, `site/id`. */
  counters(scope: Scope, after: string, limit: number): Promise<Counter[]>;
  addCounter(counter: Counter, fact: Fact): void;
  changeCounter(counter: Counter, fact: Fact): void;
  removeCounter(counter: Counter, fact: Fact): void;
}

export function createPlaceStore(database: Database, changes: Changes): PlaceStore {
  const { sqlite, query } = database;
  const sites = query.selectFrom('sites').selectAll();
  const counters = query.selectFrom('counters').selectAll();
  const recording = sqlite.prepare(
    `SELECT 1 FROM recordings INDEXED BY recordings_in_state
     WHERE state IN ('announced', 'stored', 'damaged', 'deleting') AND site = ? LIMIT 1`,
  );

  return {
    async site(id) {
      const row = await sites.where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toSite(row);
    },
    async sites(scope, after, limit) {
      let rows = sites.where('id', '>', after).orderBy('id').limit(limit);
      if (scope !== null) rows = rows.where('id', 'in', [...scope]);
      return (await rows.execute()).map(toSite);
    },
    addSite: (site, fact) => changes.commit(fact, query.insertInto('sites').values(toRow(site))),
    changeSite: (site, fact) =>
      changes.commit(fact, query.updateTable('sites').set(toRow(site)).where('id', '=', site.id)),
    removeSite: (id, fact) => changes.commit(fact, query.deleteFrom('sites').where('id', '=', id)),
    async hasFigures(site) {
      const rows = query.selectFrom('tallies').select('bucket').where('span', '=', 'month').where('site', '=', site);
      return (await rows.limit(1).executeTakeFirst()) !== undefined;
    },
    hasRecordings: (site) => recording.get(site) !== undefined,
    async hasTerminals(site, counter) {
      let rows = query.selectFrom('terminals').select('id').where('site', '=', site);
      if (counter !== null) rows = rows.where('counter', '=', counter);
      return (await rows.limit(1).executeTakeFirst()) !== undefined;
    },
    async counter(site, id) {
      return (await counters.where('site', '=', site).where('id', '=', id).executeTakeFirst()) ?? null;
    },
    async counters(scope, after, limit) {
      const [site = '', id = ''] = after.split('/');
      let rows = counters.where(({ eb, refTuple, tuple }) => eb(refTuple('site', 'id'), '>', tuple(site, id)));
      if (scope !== null) rows = rows.where('site', 'in', [...scope]);
      return rows.orderBy('site').orderBy('id').limit(limit).execute();
    },
    addCounter: (counter, fact) => changes.commit(fact, query.insertInto('counters').values(counter)),
    changeCounter({ site, id, name }, fact) {
      changes.commit(fact, query.updateTable('counters').set({ name }).where('site', '=', site).where('id', '=', id));
    },
    removeCounter({ site, id }, fact) {
      changes.commit(fact, query.deleteFrom('counters').where('site', '=', site).where('id', '=', id));
    },
  };
}

function toSite(row: SitesTable): Site {
  return siteSchema.parse({
    id: row.id,
    name: row.name,
    timeZone: row.time_zone,
    mode: row.mode,
    profile: row.profile,
  });
}

function toRow(site: Site): SitesTable {
  return { id: site.id, name: site.name, time_zone: site.timeZone, mode: site.mode, profile: site.profile };
}
