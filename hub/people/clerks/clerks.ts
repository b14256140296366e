import type { Badge, Clerk } from '@manyi/config/api';
import { badgeHash } from '@manyi/config/badges';
import { conflict, invalid, notFound } from '../../errors.ts';
import type { Fact } from '../../ledger/entry.ts';
import { withChange } from '../changes.ts';
import type { Photo } from './photo.ts';
import type { ClerkStore } from './store.ts';

export type NewClerk = Omit<Clerk, 'photo' | 'active'>;
export type ClerkChange = { readonly [K in Exclude<keyof Clerk, 'id' | 'photo'>]?: Clerk[K] | undefined };

/** The rules of clerks and badges. `by` is who does it; unknown ones are 404, existing ones 409. */
export interface Clerks {
  add(clerk: NewClerk, by: string): Promise<Clerk>;
  change(id: string, change: ClerkChange, by: string): Promise<Clerk>;
  /** Removes a clerk without history; one with figures becomes inactive, so that they keep their name. Null when removed. */
  remove(id: string, by: string): Promise<Clerk | null>;
  setPhoto(id: string, photo: Photo | null, by: string): Promise<Clerk>;
  /** The badge as the hub keeps it: nobody gets the code back. */
  identify(code: string, clerk: string): Promise<Badge>;
  addBadge(code: string, clerk: string, by: string): Promise<Badge>;
  removeBadge(id: string, by: string): Promise<void>;
}

export interface ClerksParts {
  readonly store: ClerkStore;
  readonly siteExists: (site: string) => Promise<boolean>;
  readonly rosterKey: string;
  /** Is told of every site whose roster has changed. */
  readonly changed: (site: string) => void;
}

export function createClerks({ store, siteExists, rosterKey, changed }: ClerksParts): Clerks {
  async function existing(id: string): Promise<Clerk> {
    const clerk = await store.clerk(id);
    if (clerk === null) throw notFound('clerk');
    return clerk;
  }

  async function requireSite(site: string): Promise<void> {
    if (!(await siteExists(site))) throw invalid('site', `there is no site ${site}`, 'unknown-site');
  }

  async function change(id: string, wanted: ClerkChange, by: string): Promise<Clerk> {
    const before = await existing(id);
    const clerk = withChange(before, wanted);
    if (clerk.site !== before.site) await requireSite(clerk.site);
    store.changeClerk(clerk, clerkFact(clerk, 'changed', by));
    for (const site of new Set([before.site, clerk.site])) changed(site);
    return clerk;
  }

  async function identify(code: string, clerk: string): Promise<Badge> {
    return { id: await badgeHash(code, rosterKey), clerk, ending: endingOf(code) };
  }

  return {
    change,
    identify,
    async add(wanted, by) {
      await requireSite(wanted.site);
      const clerk = { ...wanted, photo: null, active: true };
      store.addClerk(clerk, clerkFact(clerk, 'added', by));
      changed(clerk.site);
      return clerk;
    },
    async remove(id, by) {
      const clerk = await existing(id);
      if (await store.hasHistory(clerk)) return change(id, { active: false }, by);
      store.removeClerk(id, clerkFact(clerk, 'removed', by));
      changed(clerk.site);
      return null;
    },
    async setPhoto(id, photo, by) {
      const clerk = await existing(id);
      store.setPhoto(id, photo, clerkFact(clerk, photo === null ? 'photo-removed' : 'photo-changed', by));
      changed(clerk.site);
      return existing(id);
    },
    async addBadge(code, id, by) {
      const clerk = await existing(id);
      const badge = await identify(code, id);
      if ((await store.badge(badge.id)) !== null) throw conflict('badge-in-use', 'the badge is in use already');
      store.addBadge(badge, badgeFact(badge, clerk, 'added', by));
      changed(clerk.site);
      return badge;
    },
    async removeBadge(id, by) {
      const badge = await store.badge(id);
      if (badge === null) throw notFound('badge');
      const clerk = await existing(badge.clerk);
      store.removeBadge(id, badgeFact(badge, clerk, 'removed', by));
      changed(clerk.site);
    },
  };
}

/** The last characters, for people to tell badges apart: at most four, and never more than half of the code. */
function endingOf(code: string): string {
  return code.slice(-Math.min(4, Math.floor(code.length / 2)));
}

function clerkFact(clerk: Clerk, change: string, by: string): Fact {
  return { type: 'manyi.clerk.changed.v1', site: clerk.site, clerk: clerk.id, data: { by, change, clerk } };
}

function badgeFact(badge: Badge, clerk: Clerk, change: string, by: string): Fact {
  const data = { by, change, clerk: clerk.id, ending: badge.ending };
  return { type: 'manyi.badge.changed.v1', site: clerk.site, clerk: clerk.id, data };
}
