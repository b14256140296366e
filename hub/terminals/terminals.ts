import type { RecordingPolicy } from '@manyi/config/recordings';
import type { FastifyPluginAsync } from 'fastify';
import type { Database } from '../database/database.ts';
import { openZones } from '../database/zones.ts';
import type { Throttle } from '../http/throttle.ts';
import { keepUp } from '../ledger/keep-up.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Changes } from '../people/changes.ts';
import type { People } from '../people/people.ts';
import { type Access, createAccess } from './access.ts';
import { type Announcer, createAnnouncer } from './announce.ts';
import { createCommands } from './commands.ts';
import { createCompleteness } from './completeness/completeness.ts';
import { type CompletenessStore, createCompletenessStore } from './completeness/store.ts';
import { createEnrolments, type Enrolments } from './enrolment.ts';
import { enrolmentRoutes } from './enrolment-routes.ts';
import { keyFactTypes } from './keys/fact.ts';
import { createKeyStore } from './keys/store.ts';
import { createPresences, type Presences } from './presence.ts';
import { createRegistry, type Registry } from './registry.ts';
import { terminalRoutes } from './routes.ts';
import { createTerminalStore } from './store.ts';

/** The terminals of the hub, as the rest of it sees them. */
export interface Terminals {
  readonly access: Access;
  readonly enrolments: Enrolments;
  readonly registry: Registry;
  readonly presences: Presences;
  readonly announcer: Announcer;
  readonly deliveries: CompletenessStore;
  readonly routes: FastifyPluginAsync;
  /** Keeps what was heard last, and tells nothing more. */
  close(): Promise<void>;
}

export interface TerminalsParts {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly changes: Changes;
  readonly people: Pick<People, 'places' | 'rosters' | 'rosterKey'>;
  readonly throttle: Throttle;
  readonly now: () => number;
  /** Sends to terminals. A retained message waits for those who come later; null takes it back. */
  readonly publish: (topic: string, message: unknown, retain: boolean) => Promise<void>;
  readonly disconnect: (terminal: string) => void;
  readonly brokerFor: (hostname: string) => string;
  /** What a site's terminals record. */
  readonly policyOf: (site: string) => RecordingPolicy;
  /** The held clips that a terminal has not sent yet. */
  readonly heldAt: (terminal: string) => string[];
  readonly onError: (error: unknown) => void;
}

/** How often what was heard of agents and their health is stored, in milliseconds. */
const keepEveryMs = 60_000;

/** How long news of keys wait for more of their kind, in milliseconds. */
const gatherKeysMs = 2_000;

/** How often it is looked after terminals that have fallen silent, in milliseconds. */
const watchEveryMs = 1000;

export function openTerminals(parts: TerminalsParts): Terminals {
  const { ledger, people, publish, disconnect, now, throttle, brokerFor, onError } = parts;
  const store = createTerminalStore(parts.database, parts.changes);
  const deliveries = createCompletenessStore(parts.database);
  const places = people.places;
  const presences = createPresences(now);
  const tellRetained = (topic: string, message: unknown) => publish(topic, message, true);
  const announcer = createAnnouncer({
    terminals: store,
    places,
    rosters: people.rosters,
    policyOf: parts.policyOf,
    heldAt: parts.heldAt,
    publish: tellRetained,
    onError,
  });
  const completeness = createCompleteness(deliveries, now);
  const keys = createKeyStore(parts.database, ledger);
  const registry = createRegistry({ store, keys, places, presences, completeness, announcer, disconnect, now });
  const stopKeys = keepUp({ ledger, types: keyFactTypes, takeSome: keys.takeSome, gatherMs: gatherKeysMs, onError });
  const access = createAccess({ store, revoked: disconnect });
  const placed = announcer.terminalChanged;
  const enrolments = createEnrolments({ store, rosterKey: people.rosterKey, now, placed });
  const tell = (topic: string, message: unknown) => publish(topic, message, false);
  const commands = createCommands({ presences, publish: tell, append: ledger.append, now });
  enrolments.forget();
  const watching = setInterval(presences.watch, watchEveryMs);
  const keeping = setInterval(() => {
    guarded(registry.keep, onError);
    guarded(enrolments.forget, onError);
  }, keepEveryMs);

  const routes: FastifyPluginAsync = async (api) => {
    await api.register(terminalRoutes, { registry, store, deliveries, commands, zones: openZones(parts.database) });
    await api.register(enrolmentRoutes, { enrolments, places, throttle, brokerFor });
  };
  async function close(): Promise<void> {
    clearInterval(watching);
    clearInterval(keeping);
    stopKeys();
    await announcer.close();
    guarded(registry.keep, onError);
  }
  return { access, enrolments, registry, presences, announcer, deliveries, routes, close };
}

function guarded(work: () => void, onError: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    onError(error);
  }
}
