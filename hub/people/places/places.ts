import type { Counter, Site } from '@manyi/config/api';
import { isTimeZone } from '@manyi/config/zone';
import { conflict, invalid, notFound } from '../../errors.ts';
import type { Fact } from '../../ledger/entry.ts';
import { withChange } from '../changes.ts';
import type { PlaceStore } from './store.ts';

export type SiteChange = { readonly [K in Exclude<keyof Site, 'id'>]?: Site[K] | undefined };

/** The rules of sites and counters. `by` is who does it; unknown ones are 404, existing ones 409. */
export interface Places {
  /** Null when there is none; so with a counter. */
  site(id: string): Promise<Site | null>;
  /** Every site of the hub. */
  sites(): Promise<Site[]>;
  counter(site: string, id: string): Promise<Counter | null>;
  addSite(site: Site, by: string): Site;
  /** The zone of a site that has figures is fixed, because its days and hours are already counted by it. */
  changeSite(id: string, change: SiteChange, by: string): Promise<Site>;
  /** Only a site without counters, clerks, terminals, figures and recordings goes: what becomes of these is a rule of their site. */
  removeSite(id: string, by: string): Promise<void>;
  addCounter(counter: Counter, by: string): Promise<Counter>;
  changeCounter(site: string, id: string, name: string, by: string): Promise<Counter>;
  /** A counter with a terminal stays. Its ratings stay in any case. */
  removeCounter(site: string, id: string, by: string): Promise<void>;
}

/** `changed` is told of every site whose terminals must hear of a change. */
export function createPlaces(store: PlaceStore, changed: (site: string) => void): Places {
  async function existingSite(id: string): Promise<Site> {
    const site = await store.site(id);
    if (site === null) throw notFound('site');
    return site;
  }

  async function existingCounter(site: string, id: string): Promise<Counter> {
    const counter = await store.counter(site, id);
    if (counter === null) throw notFound('counter');
    return counter;
  }

  return {
    site: store.site,
    sites: () => store.sites(null, '', Number.MAX_SAFE_INTEGER),
    counter: store.counter,
    addSite(site, by) {
      checkZone(site.timeZone);
      store.addSite(site, siteFact(site, 'added', by));
      changed(site.id);
      return site;
    },
    async changeSite(id, change, by) {
      const before = await existingSite(id);
      const site = withChange(before, change);
      checkZone(site.timeZone);
      if (site.timeZone !== before.timeZone && (await store.hasFigures(id))) {
        throw conflict(
          'zone-fixed',
          'the time zone of a site is fixed once it has ratings: add a new site for the other',
        );
      }
      store.changeSite(site, siteFact(site, 'changed', by));
      changed(id);
      return site;
    },
    async removeSite(id, by) {
      const site = await existingSite(id);
      if ((await store.hasFigures(id)) || (await store.hasTerminals(id, null)) || store.hasRecordings(id)) {
        throw conflict('site-in-use', 'the site has terminals, ratings or recordings and stays');
      }
      store.removeSite(id, siteFact(site, 'removed', by));
    },
    async addCounter(counter, by) {
      await existingSite(counter.site);
      store.addCounter(counter, counterFact(counter, 'added', by));
      return counter;
    },
    async changeCounter(site, id, name, by) {
      const counter = { ...(await existingCounter(site, id)), name };
      store.changeCounter(counter, counterFact(counter, 'changed', by));
      changed(site);
      return counter;
    },
    async removeCounter(site, id, by) {
      const counter = await existingCounter(site, id);
      if (await store.hasTerminals(site, id))
        throw conflict('counter-in-use', 'a terminal stands at the counter: remove it first');
      store.removeCounter(counter, counterFact(counter, 'removed', by));
    },
  };
}

function checkZone(zone: string): void {
  if (!isTimeZone(zone)) throw invalid('timeZone', 'is not the name of a time zone, such as Asia/Shanghai');
}

function siteFact(site: Site, change: string, by: string): Fact {
  return { type: 'manyi.site.changed.v1', site: site.id, data: { by, change, site } };
}

function counterFact(counter: Counter, change: string, by: string): Fact {
  return { type: 'manyi.counter.changed.v1', site: counter.site, counter: counter.id, data: { by, change, counter } };
}
