import type { CaseState } from '@manyi/config/cases';
import type { Database } from '../database/database.ts';
import { openZones, type Zones } from '../database/zones.ts';
import type { Scope } from '../people/pages.ts';
import type { CaseRecord } from './case.ts';

/** Which cases are asked for; null is any. */
export interface CaseFilter {
  readonly sites: Scope;
  readonly state: CaseState | null;
  readonly service: string | null;
}

/** A rating, by the profile of its service. */
export interface RatingRecord {
  readonly position: number;
  readonly service: string;
  readonly profile: string;
  readonly level: string;
}

export interface CaseStore {
  find(number: number): CaseRecord | null;
  /** Newest first, below the number. */
  list(filter: CaseFilter, below: number, limit: number): CaseRecord[];
  /** The site of a service; null of one that nothing is known of. */
  siteOf(service: string): string | null;
  /** Opens the case of a service, and answers its number; null when the service has one. `by` null is the hub itself. */
  open(service: string, by: string | null, at: number): number | null;
  /** False when it is closed already. */
  close(number: number, by: string, at: number): boolean;
  /** False when it is open. */
  reopen(number: number): boolean;
  /** The ratings after those that were looked at, in the ledger's order. */
  ratings(limit: number): RatingRecord[];
  /** The ratings up to the position have been looked at. */
  lookedAt(position: number): void;
  readonly zones: Zones;
}

const mark = 'cases-read';

const cases = `SELECT c.number, c.service, c.site, s.terminal, s.counter, s.clerk, s.level, c.opened, c.opened_by AS openedBy,
    c.closed, c.closed_by AS closedBy
  FROM cases c JOIN services s ON s.service = c.service`;

export function createCaseStore({ sqlite }: Database): CaseStore {
  const find = sqlite.prepare<[number], CaseRecord>(`${cases} WHERE c.number = ?`);
  const site = sqlite.prepare<[string], string>('SELECT site FROM services WHERE service = ?').pluck();
  const open = sqlite
    .prepare<[object], number>(
      `INSERT INTO cases (service, site, opened, opened_by) SELECT service, site, @at, @by FROM services WHERE service = @service
       ON CONFLICT (service) DO NOTHING RETURNING number`,
    )
    .pluck();
  const close = sqlite.prepare('UPDATE cases SET closed = ?, closed_by = ? WHERE number = ? AND closed IS NULL');
  const reopen = sqlite.prepare(
    'UPDATE cases SET closed = NULL, closed_by = NULL WHERE number = ? AND closed IS NOT NULL',
  );
  const ratings = sqlite.prepare<[number, number], RatingRecord>(
    `SELECT r.position, r.service, s.profile, r.level
     FROM ratings r JOIN services s ON s.service = r.service WHERE r.position > ? ORDER BY r.position LIMIT ?`,
  );
  const read = sqlite.prepare<[string], string>('SELECT value FROM hub_values WHERE name = ?').pluck();
  const note = sqlite.prepare('INSERT OR REPLACE INTO hub_values (name, value) VALUES (?, ?)');
  return {
    find: (number) => find.get(number) ?? null,
    list({ sites, ...rest }, below, limit) {
      const newest = (site: string | null) =>
        sqlite
          .prepare<[object], CaseRecord>(
            `${cases} WHERE ${sought({ site, ...rest })} ORDER BY c.number DESC LIMIT @limit`,
          )
          .all({ site, service: rest.service, below, limit });
      if (sites === null) return newest(null);
      const found = [...new Set(sites)].flatMap(newest).sort((one, other) => other.number - one.number);
      return found.slice(0, limit);
    },
    siteOf: (service) => site.get(service) ?? null,
    open: (service, by, at) => open.get({ service, by, at }) ?? null,
    close: (number, by, at) => close.run(at, by, number).changes > 0,
    reopen: (number) => reopen.run(number).changes > 0,
    ratings: (limit) => ratings.all(Number(read.get(mark) ?? 0), limit),
    lookedAt: (position) => void note.run(mark, String(position)),
    zones: openZones({ sqlite }),
  };
}

interface Sought extends Omit<CaseFilter, 'sites'> {
  readonly site: string | null;
}

/** In words that an index knows: of one site the newest come first out of `cases_of_site`, the open ones out of `cases_open`. */
function sought({ site, state, service }: Sought): string {
  const conditions = ['c.number < @below'];
  if (site !== null) conditions.push('c.site = @site');
  if (state !== null) conditions.push(state === 'open' ? 'c.closed IS NULL' : 'c.closed IS NOT NULL');
  if (service !== null) conditions.push('c.service = @service');
  return conditions.join(' AND ');
}
