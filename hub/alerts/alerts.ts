import type { Alert, AlertKind } from '@manyi/config/api';
import { toRfc3339 } from '@manyi/config/zone';
import { numberReused, numbersMissing } from '../ingest/facts.ts';
import type { AlertRecord } from './store.ts';

/** The entries of the ledger that alert. Of changed parts only those that failed do. */
const kinds: Readonly<Record<string, AlertKind>> = {
  [numbersMissing]: 'numbers-missing',
  [numberReused]: 'number-reused',
  'manyi.outbox.voided.v1': 'event-voided',
  'manyi.terminal.changed.v1': 'part-failed',
};

/** An entry that alerts, as the outside sees it; `zone` is its site's. */
export function toAlert({ type, time, data, ...entry }: AlertRecord, zone: string): Alert {
  const kind = kinds[type];
  if (kind === undefined) throw new Error(`${type} is not an alert`);
  return { ...entry, kind, time: toRfc3339(time, zone), data: JSON.parse(data) as Alert['data'] };
}
