import type { AuditEntry, AuditedAct } from '@manyi/config/audit';
import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { type AuditFact, next } from './entry.ts';
import { auditRoutes } from './routes.ts';
import { createAuditStore } from './store.ts';

/** The log of what people do with recordings: it is only added to, and each entry seals all that came before it. */
export interface Audit {
  /**
   * Adds an entry and answers its position. Alone it is safe on disk when this returns; inside an open transaction of the hub's
   * connection it is safe with that one. Throws when it cannot be written: what it is about must not happen then.
   */
  record(fact: AuditFact): number;
  /** The acts of a kind that no entry has ended. */
  unended(what: AuditedAct): AuditEntry[];
  readonly routes: FastifyPluginAsync;
}

export function openAudit({ sqlite }: Database, clock: Clock): Audit {
  const store = createAuditStore(sqlite);
  const record = sqlite.transaction((fact: AuditFact) => {
    const entry = next(store.last(), fact, clock.now());
    store.add(entry);
    return entry.position;
  });
  return {
    record: (fact) => (sqlite.inTransaction ? record(fact) : record.immediate(fact)),
    unended: store.unended,
    routes: async (api) => {
      await api.register(auditRoutes, { store, now: clock.now });
    },
  };
}
