import type { FastifyPluginAsync } from 'fastify';
import type { Database } from '../database/database.ts';
import { keepUp } from '../ledger/keep-up.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createFollowUp } from './follow-up.ts';
import { caseRoutes } from './routes.ts';
import { createCaseStore } from './store.ts';

/** The cases of a hub: opened by bad ratings as the ledger tells of them, and by users. */
export interface Cases {
  readonly routes: FastifyPluginAsync;
  /** Opens no more by itself: the ratings that come now are looked at after the next start. */
  close(): void;
}

export interface CasesParts {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

const ratings: ReadonlySet<string> = new Set(['manyi.rating.given.v1']);
/** How long ratings wait for more, in milliseconds: a case is there before anybody has opened the page of its service. */
const gatherMs = 200;

export function openCases({ database, ledger, now, onError }: CasesParts): Cases {
  const store = createCaseStore(database);
  const followUp = createFollowUp({ database, store, ledger, now });
  const close = keepUp({ ledger, types: ratings, takeSome: followUp.openSome, gatherMs, onError });
  return { routes: async (api) => void (await api.register(caseRoutes, { followUp, store })), close };
}
