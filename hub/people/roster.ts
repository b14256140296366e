import { createHash, randomBytes } from 'node:crypto';
import { type Roster, type RosterNotice, roster as rosterSchema } from '@manyi/config/roster';
import type { ClerkStore } from './clerks/store.ts';

/** Makes the rosters of sites: who may serve there, with their badges as keyed slow hashes. */
export interface Rosters {
  of(site: string): Promise<Roster>;
  /** The retained word to a site's terminals. */
  notice(site: string): Promise<RosterNotice>;
}

/** The version is the content's hash, so that nothing is fetched anew that has not changed. */
export function createRosters(store: ClerkStore): Rosters {
  async function of(site: string): Promise<Roster> {
    const staff = await store.staff(site);
    const clerks = staff.clerks.map(({ id, name, number, stars, photo }) => ({ id, name, number, stars, photo }));
    const badges = staff.badges.map(({ id, clerk }) => ({ hash: id, clerk }));
    const version = createHash('sha256').update(JSON.stringify({ clerks, badges })).digest('base64url').slice(0, 22);
    return rosterSchema.parse({ version, clerks, badges });
  }

  return {
    of,
    notice: async (site) => ({ version: (await of(site)).version, href: `/api/v1/sites/${site}/roster` }),
  };
}

/** A key for the hashes of badges: 256 random bits in base64url. */
export function newRosterKey(): string {
  return randomBytes(32).toString('base64url');
}
