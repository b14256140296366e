import type { Me } from '@manyi/config/api';
import { command } from '@manyi/config/commands';
import { defaultListeningMinutes } from '@manyi/config/listening';
import { terminalTopic } from '@manyi/config/topics';
import type { FastifyPluginAsync } from 'fastify';
import { v7 as newId } from 'uuid';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Places } from '../people/places/places.ts';
import { createSteady } from '../steady.ts';
import { isDutyEvent } from '../tallies/duty.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { createFeeds, type Feeds } from './feeds.ts';
import { createListenings } from './listenings.ts';
import { endUnended, type ListenedPlace } from './log.ts';
import { listeningRoutes } from './routes.ts';
import { followServices, serviceStarted } from './running.ts';
import { createListeningStore } from './store.ts';

/** Listening in to counters: the way of live sound from terminals to those who have said why they want to hear it. */
export interface ListeningIn {
  /** Takes a frame that a terminal has published. It never waits, and nothing waits for it. */
  readonly take: Feeds['take'];
  readonly drops: Feeds['drops'];
  readonly routes: FastifyPluginAsync;
  /** Ends every listening, in the audit log too. Before the HTTP server, the broker and the database are closed. More than once does no harm. */
  close(): void;
}

export interface ListeningParts {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly terminals: Pick<Terminals, 'presences' | 'registry'>;
  readonly places: Pick<Places, 'counter'>;
  readonly userOfToken: (token: string) => Me | null;
  /** Sends to a terminal without waiting. */
  readonly tell: (topic: string, message: unknown) => void;
  readonly limitMinutes: number | undefined;
  readonly onError: (error: unknown) => void;
}

/** How long a command may be on its way, in milliseconds: what was asked longer ago may have been taken back. */
const commandMs = 10_000;
const checkEveryMs = 1_000;
const beatEveryChecks = 5;

export function openListening(parts: ListeningParts): ListeningIn {
  const { database, ledger, audit, clock, places, userOfToken, tell, onError } = parts;
  const { presences, registry } = parts.terminals;
  const now = () => clock.now();
  const store = createListeningStore(database);
  endUnended(audit, store.lastBeat());

  const running = followServices(ledger);
  const feeds = createFeeds({
    presences,
    command({ site, terminal }, name, data) {
      const expires = new Date(now() + commandMs).toISOString();
      tell(terminalTopic(site, terminal, 'commands'), command.parse({ id: newId(), name, data, expires }));
    },
  });
  const placeOf = (terminal: string): ListenedPlace => {
    const { site, counter } = registry.find(terminal);
    return { site, counter, terminal };
  };
  const listenings = createListenings({
    ...{ audit, feeds, presences, userOfToken, now, onError },
    steady: createSteady(clock),
    heardAt: ({ site, terminal }) => ({ clerk: store.clerkAt(site, terminal), service: running.at(terminal) }),
    stands: ({ site, counter, terminal }) => store.terminalsAt(site, counter).includes(terminal),
    limitMs: (parts.limitMinutes ?? defaultListeningMinutes) * 60_000,
  });

  const unfollow = ledger.onCommit((entries) => {
    const changed = entries.filter(({ type, data }) => isDutyEvent({ type, data }) || type === serviceStarted);
    for (const terminal of new Set(changed.map((entry) => entry.terminal))) {
      if (terminal !== null) listenings.heardChanged(terminal);
    }
  });
  let checks = 0;
  const checking = setInterval(() => {
    try {
      listenings.check();
      checks += 1;
      if (checks % beatEveryChecks === 0 && listenings.all().length > 0) store.beat(now());
    } catch (error) {
      onError(error);
    }
  }, checkEveryMs);

  return {
    take: feeds.take,
    drops: feeds.drops,
    routes: async (api) => {
      await api.register(listeningRoutes, {
        ...{ listenings, presences, placeOf },
        terminalsAt: async (site, counter) =>
          (await places.counter(site, counter)) === null ? null : store.terminalsAt(site, counter),
      });
    },
    close() {
      clearInterval(checking);
      unfollow();
      running.close();
      listenings.close();
      feeds.close();
    },
  };
}
