import type { Me, Service } from '@manyi/config/api';
import { notFound } from '../errors.ts';
import { requireSite } from '../http/auth.ts';
import { chainOf } from './chain.ts';
import type { ServiceRecord, ServiceStore } from './store.ts';

/** A service as it is stored, and with everything the ledger holds of it; `zone` is its site's. */
export interface Evidence {
  readonly record: ServiceRecord;
  readonly zone: string;
  readonly chain: Service;
}

/** Throws 404 for a service that is unknown, or of a site that the user may not see. */
export function evidenceOf(store: ServiceStore, user: Me, id: string): Evidence {
  const found = store.service(id);
  if (found === null) throw notFound('service');
  const { service: record, entries } = found;
  requireSite(user, record.site, 'service');
  const zone = store.zones.of(record.site);
  return { record, zone, chain: chainOf(record, entries, zone) };
}
