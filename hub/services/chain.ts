import type { Service } from '@manyi/config/api';
import { outcome } from '@manyi/config/events';
import { isProfileId } from '@manyi/config/profiles';
import { toRfc3339 } from '@manyi/config/zone';
import type { EntryRecord, ServiceRecord } from './store.ts';

/** The evidence chain: what a service has come to, and every entry it rests on, times in the site's zone. */
export function chainOf(service: ServiceRecord, entries: readonly EntryRecord[], zone: string): Service {
  const written = (at: number | null) => (at === null ? null : toRfc3339(at, zone));
  const ended = outcome.safeParse(service.outcome);
  if (!isProfileId(service.profile))
    throw new Error(`service ${service.service} has unknown profile ${service.profile}`);
  return {
    service: service.service,
    site: service.site,
    terminal: service.terminal,
    counter: service.counter || null,
    clerk: service.clerk || null,
    duty: service.duty,
    profile: service.profile,
    startedAt: written(service.started),
    endedAt: written(service.ended),
    outcome: ended.success ? ended.data : null,
    level: service.level,
    unprompted: service.unprompted === 1,
    setAside: service.set_aside !== null,
    reason: service.reason,
    entries: entries.map((entry) => ({
      position: entry.position,
      id: entry.id,
      type: entry.type,
      time: toRfc3339(entry.time, zone),
      arrived: toRfc3339(entry.arrived, zone),
      terminal: entry.terminal,
      data: JSON.parse(entry.data) as Record<string, unknown>,
    })),
  };
}
