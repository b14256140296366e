import type { ScoresBy } from '@manyi/config/api';
import { type Figures, nothing, type RowNames, type ScoredSite } from './scores.ts';
import type { ScoreStore } from './store.ts';

export interface Names extends RowNames {
  /** The figures, and zeros for the sites, counters or serving clerks that have none; of `clerk` alone where one is named. */
  withAbsent(figures: readonly Figures[], clerk: string | null): Figures[];
}

/** How the rows of an answer are called. A clerk or counter that is no longer known goes by its key. */
export function createNames(store: ScoreStore, sites: readonly ScoredSite[], by: ScoresBy): Names {
  const ids = new Map(sites.map((site) => [site.id, site]));
  const counters = by === 'counter' ? store.counters().filter((counter) => ids.has(counter.site)) : [];
  const clerkNames = new Map(by === 'clerk' ? store.clerkNames() : []);
  const counterNames = new Map(counters.map((counter) => [placed(counter.site, counter.id), counter.name]));

  const expected = (clerk: string | null): Pick<Figures, 'site' | 'key'>[] => {
    const at = (site: string, key: string) => {
      const found = ids.get(site);
      return found === undefined ? [] : [{ site: found, key }];
    };
    if (by === 'site') return sites.map((site) => ({ site, key: site.id }));
    if (by === 'counter') return counters.flatMap((counter) => at(counter.site, counter.id));
    const serving = store.servingClerks().filter(({ id }) => clerk === null || id === clerk);
    return serving.flatMap(({ site, id }) => at(site, id));
  };

  return {
    keyOf: ({ site, key }) => (by === 'counter' && sites.length > 1 ? `${site.id}/${key}` : key),
    nameOf: ({ site, key }) => {
      if (by === 'clerk') return clerkNames.get(key) ?? key;
      if (by === 'counter') return counterNames.get(placed(site.id, key)) ?? key;
      if (by === 'site') return site.name;
      return by === 'hour' ? key.slice(11, 16) : key;
    },
    withAbsent: (figures, clerk) => {
      const present = new Set(figures.map(({ site, key }) => placed(site.id, key)));
      const absent = expected(clerk).filter(({ site, key }) => !present.has(placed(site.id, key)));
      return [...figures, ...absent.map((place) => ({ ...place, counted: nothing }))];
    },
  };
}

function placed(site: string, key: string): string {
  return `${site}/${key}`;
}
