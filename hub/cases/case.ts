import type { Case } from '@manyi/config/cases';
import { toRfc3339 } from '@manyi/config/zone';

/** A case as it is stored, with where and whose its service was. Times are epoch milliseconds, '' is no counter or no clerk. */
export interface CaseRecord {
  readonly number: number;
  readonly service: string;
  readonly site: string;
  readonly terminal: string;
  readonly counter: string;
  readonly clerk: string;
  readonly level: string | null;
  readonly opened: number;
  readonly openedBy: string | null;
  readonly closed: number | null;
  readonly closedBy: string | null;
}

/** A case as the outside sees it, its times in the site's zone. */
export function toCase(record: CaseRecord, zone: string): Case {
  const { number, service, site, level, openedBy, closed, closedBy } = record;
  return {
    number,
    state: closed === null ? 'open' : 'closed',
    service,
    site,
    counter: record.counter || null,
    clerk: record.clerk || null,
    level,
    openedAt: toRfc3339(record.opened, zone),
    openedBy,
    closedAt: closed === null ? null : toRfc3339(closed, zone),
    closedBy,
  };
}
