import type { SetAsideWhy } from '@manyi/config/api';
import { conflict } from '../errors.ts';
import type { Decide } from '../tallies/decide.ts';
import { ratingRestored, ratingSetAside } from '../tallies/service.ts';
import type { ServiceRecord } from './store.ts';

/** Who decides, and what they say of it. */
export interface Said {
  readonly by: string;
  readonly note: string;
}

/** Setting ratings aside (剔除) and taking them back in: each decision is a fact of the ledger, and changes the scores at once. */
export interface SettingAside {
  /** Throws 409 for a service without a rating, or whose rating is set aside already. */
  setAside(service: ServiceRecord, zone: string, why: SetAsideWhy, said: Said): void;
  /** Throws 409 for a service whose rating is not set aside. */
  restore(service: ServiceRecord, zone: string, said: Said): void;
}

export function createSettingAside(decide: Decide): SettingAside {
  function take(found: ServiceRecord, zone: string, type: string, said: Readonly<Record<string, string>>): void {
    const { service, site, terminal, counter, clerk } = found;
    const fact = { type, service, site, terminal, counter, clerk: clerk || null, data: { service, ...said } };
    decide({ fact, place: { site, terminal, counter, clerk, called: false }, zone });
  }

  return {
    setAside(found, zone, why, { by, note }) {
      if (found.level === null) throw conflict('not-rated', 'the service has no rating');
      if (found.set_aside !== null)
        throw conflict('set-aside-already', 'the rating is set aside already: restore it first');
      take(found, zone, ratingSetAside, { by, why, note });
    },
    restore(found, zone, { by, note }) {
      if (found.set_aside === null) throw conflict('not-set-aside', 'the rating is not set aside');
      take(found, zone, ratingRestored, { by, note });
    },
  };
}
