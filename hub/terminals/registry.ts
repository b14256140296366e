import type { Completeness, PartFailure, Terminal, TerminalKeys } from '@manyi/config/api';
import type { LivePresence } from '@manyi/config/live';
import { type Health, health as healthSchema, type Status } from '@manyi/config/status';
import { localDate } from '@manyi/config/zone';
import { conflict, invalid, notFound } from '../errors.ts';
import type { Places } from '../people/places/places.ts';
import type { Announcer } from './announce.ts';
import type { CompletenessOf } from './completeness/completeness.ts';
import { terminalFact } from './enrolment.ts';
import { failuresOf, isAmiss } from './failures.ts';
import { shownKeys } from './keys/shown.ts';
import type { KeyStore } from './keys/store.ts';
import type { Presence, Presences } from './presence.ts';
import type { Heard, Place, TerminalRow, TerminalStore } from './store.ts';

/** The terminals of the hub: where they stand, how they are, and whether everything has come. Unknown ones are 404. */
export interface Registry {
  find(id: string): TerminalRow;
  /** How it stands with the terminal's credential: one that it has used, one that it may still use, or taken away; null for an unknown one. */
  credential(id: string): 'used' | 'unused' | 'revoked' | null;
  describe(row: TerminalRow): Promise<Terminal>;
  completeness(row: TerminalRow, date: string | null): Promise<Completeness>;
  /** To another counter of its site. */
  move(id: string, counter: string, by: string): Promise<TerminalRow>;
  /** Takes its credential away, at once; it can be enrolled again. */
  revoke(id: string, by: string): Promise<TerminalRow>;
  /** What it has sent stays. */
  remove(id: string, by: string): Promise<void>;
  /** Takes a status message. */
  heard(terminal: string, status: Status): void;
  /** Stores what was heard of agents and their health since the last time. */
  keep(): void;
  /** The presence of every terminal. */
  presences(): Presence[];
}

export interface RegistryParts {
  readonly store: TerminalStore;
  readonly keys: Pick<KeyStore, 'of'>;
  readonly places: Places;
  readonly presences: Presences;
  readonly completeness: CompletenessOf;
  readonly announcer: Announcer;
  /** Closes the terminal's connection. */
  readonly disconnect: (terminal: string) => void;
  readonly now: () => number;
}

/** Among so many of the changes that a terminal told last, the cause of what is amiss now is looked for. */
const rememberedChanges = 50;

export function createRegistry(parts: RegistryParts): Registry {
  const { store, places, presences, announcer } = parts;
  const toKeep = new Map<string, Heard>();

  function find(id: string): TerminalRow {
    const row = store.terminal(id);
    if (row === null) throw notFound('terminal');
    return row;
  }

  const zoneOf = async ({ site }: TerminalRow) => (await places.site(site))?.timeZone ?? 'UTC';

  async function completeness(row: TerminalRow, date: string | null | 'today'): Promise<Completeness> {
    const zone = await zoneOf(row);
    return parts.completeness(row.id, zone, date === 'today' ? localDate(parts.now(), zone) : date);
  }

  async function failures(row: TerminalRow, health: Health | null): Promise<PartFailure[]> {
    if (!isAmiss(health)) return [];
    return failuresOf(health, store.partChanges(row.id, rememberedChanges), await zoneOf(row));
  }

  async function keysOf(row: TerminalRow): Promise<TerminalKeys | null> {
    const [book, site] = [parts.keys.of(row.id), await places.site(row.site)];
    return book === null || site === null ? null : shownKeys(book, site);
  }

  return {
    find,
    credential(id) {
      const row = store.terminal(id);
      if (row === null) return null;
      if (row.credential !== null) return 'used';
      return row.next_credential === null ? 'revoked' : 'unused';
    },
    completeness,
    async describe(row) {
      const presence = presences.of(row.id);
      const health = presence.health ?? (row.health === null ? null : healthSchema.parse(JSON.parse(row.health)));
      return {
        id: row.id,
        site: row.site,
        counter: row.counter,
        enrolled: row.credential !== null,
        agent: presence.agent ?? row.agent,
        health,
        failures: await failures(row, health),
        keys: await keysOf(row),
        presence: shown(presence),
        today: await completeness(row, 'today'),
      };
    },
    async move(id, counter, by) {
      const row = find(id);
      if ((await places.counter(row.site, counter)) === null)
        throw invalid('counter', `the site has no counter ${counter}`);
      store.move(id, counter, terminalFact({ site: row.site, counter, terminal: id }, 'moved', by));
      announcer.terminalChanged(id);
      return find(id);
    },
    async revoke(id, by) {
      const row = find(id);
      store.revoke(id, terminalFact(placeOf(row), 'revoked', by));
      parts.disconnect(id);
      return find(id);
    },
    async remove(id, by) {
      const row = find(id);
      store.remove(id, terminalFact(placeOf(row), 'removed', by));
      parts.disconnect(id);
      presences.forget(id);
      await announcer.terminalRemoved(placeOf(row));
    },
    heard(terminal, status) {
      presences.heard(terminal, status);
      if (status.state === 'offline') return;
      toKeep.set(terminal, { terminal, agent: status.agent, health: JSON.stringify(status.health), at: parts.now() });
    },
    keep() {
      if (toKeep.size > 0) store.keepHeard([...toKeep.values()]);
      toKeep.clear();
    },
    presences: () => store.places().map(({ terminal }) => presences.of(terminal)),
  };
}

/** Throws 409 for a terminal that is known to be away. */
export function requireReachable(presences: Presences, terminal: string): void {
  if (presences.of(terminal).state === 'offline') throw conflict('terminal-offline', 'the terminal is offline');
}

function placeOf({ id, site, counter }: TerminalRow): Place {
  return { site, counter, terminal: id };
}

function shown({ state, since, unsent }: Presence): Pick<LivePresence, 'state' | 'since' | 'unsent'> {
  return { state, since: new Date(since).toISOString(), unsent };
}
