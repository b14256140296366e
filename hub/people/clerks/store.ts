import type { Badge, Clerk } from '@manyi/config/api';
import type { Database } from '../../database/database.ts';
import type { Fact } from '../../ledger/entry.ts';
import type { Changes } from '../changes.ts';
import type { Scope } from '../pages.ts';
import { type Photo, photoPath, storedType } from './photo.ts';

export interface ClerkStore {
  clerk(id: string): Promise<Clerk | null>;
  clerks(scope: Scope, after: string, limit: number): Promise<Clerk[]>;
  addClerk(clerk: Clerk, fact: Fact): void;
  changeClerk(clerk: Clerk, fact: Fact): void;
  /** Removes the clerk with their badges. */
  removeClerk(id: string, fact: Fact): void;
  /** Whether the clerk has figures, or is on duty. */
  hasHistory(clerk: Clerk): Promise<boolean>;
  /** The picture's bytes and media type, null without one. */
  photo(clerk: string): Promise<{ type: string; bytes: Buffer } | null>;
  setPhoto(clerk: string, photo: Photo | null, fact: Fact): void;
  badge(id: string): Promise<Badge | null>;
  badges(scope: Scope, clerk: string | null, after: string, limit: number): Promise<Badge[]>;
  addBadge(badge: Badge, fact: Fact): void;
  removeBadge(id: string, fact: Fact): void;
  /** Active clerks of a site and their badges, by id. */
  staff(site: string): Promise<{ clerks: Clerk[]; badges: Badge[] }>;
}

export function createClerkStore(database: Database, changes: Changes): ClerkStore {
  const { query } = database;
  const clerks = query.selectFrom('clerks').select(['id', 'site', 'name', 'number', 'stars', 'active', 'photo_type']);
  const badges = query
    .selectFrom('badges as b')
    .innerJoin('clerks as c', 'c.id', 'b.clerk')
    .select(['b.hash as id', 'b.clerk', 'b.ending']);

  return {
    async clerk(id) {
      const row = await clerks.where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toClerk(row);
    },
    async clerks(scope, after, limit) {
      let rows = clerks.where('id', '>', after).orderBy('id').limit(limit);
      if (scope !== null) rows = rows.where('site', 'in', [...scope]);
      return (await rows.execute()).map(toClerk);
    },
    addClerk: (clerk, fact) =>
      changes.commit(fact, query.insertInto('clerks').values({ ...toRow(clerk), photo_type: null, photo: null })),
    changeClerk: (clerk, fact) =>
      changes.commit(fact, query.updateTable('clerks').set(toRow(clerk)).where('id', '=', clerk.id)),
    removeClerk(id, fact) {
      const held = query.deleteFrom('badges').where('clerk', '=', id);
      changes.commit(fact, held, query.deleteFrom('clerks').where('id', '=', id));
    },
    async hasHistory({ id, site }) {
      const counted = query.selectFrom('tallies').select('clerk').where('span', '=', 'month').where('site', '=', site);
      const onDuty = query.selectFrom('duties').select('clerk').where('site', '=', site).where('ended', 'is', null);
      const rows = counted.where('clerk', '=', id).union(onDuty.where('clerk', '=', id));
      return (await rows.executeTakeFirst()) !== undefined;
    },
    async photo(clerk) {
      const row = query.selectFrom('clerks').select(['photo_type', 'photo']).where('id', '=', clerk);
      const found = await row.executeTakeFirst();
      if (!found?.photo || found.photo_type === null) return null;
      return { type: found.photo_type.split(';')[0] ?? '', bytes: found.photo };
    },
    setPhoto(clerk, photo, fact) {
      const values = { photo_type: photo === null ? null : storedType(photo), photo: photo?.bytes ?? null };
      changes.commit(fact, query.updateTable('clerks').set(values).where('id', '=', clerk));
    },
    async badge(id) {
      return (await badges.where('b.hash', '=', id).executeTakeFirst()) ?? null;
    },
    async badges(scope, clerk, after, limit) {
      let rows = badges.where('b.hash', '>', after).orderBy('b.hash').limit(limit);
      if (scope !== null) rows = rows.where('c.site', 'in', [...scope]);
      if (clerk !== null) rows = rows.where('b.clerk', '=', clerk);
      return rows.execute();
    },
    addBadge: ({ id: hash, clerk, ending }, fact) =>
      changes.commit(fact, query.insertInto('badges').values({ hash, clerk, ending })),
    removeBadge: (id, fact) => changes.commit(fact, query.deleteFrom('badges').where('hash', '=', id)),
    async staff(site) {
      const active = await clerks.where('site', '=', site).where('active', '=', 1).orderBy('id').execute();
      const theirs = await badges.where('c.site', '=', site).where('c.active', '=', 1).orderBy('b.hash').execute();
      return { clerks: active.map(toClerk), badges: theirs };
    },
  };
}

interface ClerkRow {
  id: string;
  site: string;
  name: string;
  number: string;
  stars: number | null;
  active: number;
  photo_type: string | null;
}

function toClerk({ photo_type, active, ...row }: ClerkRow): Clerk {
  return { ...row, active: active === 1, photo: photoPath(row.id, photo_type) };
}

function toRow({ id, site, name, number, stars, active }: Clerk) {
  return { id, site, name, number, stars, active: active ? 1 : 0 };
}
