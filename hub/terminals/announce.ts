import type { RecordingPolicy } from '@manyi/config/recordings';
import type { TerminalSettings } from '@manyi/config/terminal-settings';
import { rosterTopic, terminalTopic } from '@manyi/config/topics';
import type { Places } from '../people/places/places.ts';
import type { Rosters } from '../people/roster.ts';
import type { Place, TerminalStore } from './store.ts';

/** Sends a message that the broker keeps for whoever comes later. Null takes it back. */
export type PublishRetained = (topic: string, message: unknown) => Promise<void>;

/** Tells terminals what holds for them: settings to each, and the word that a site's roster has changed. */
export interface Announcer {
  /** Everything, once, at the hub's start. */
  all(): Promise<void>;
  /** A site's name, rules or counters have changed: its terminals hear of it soon. */
  siteChanged(site: string): void;
  rosterChanged(site: string): void;
  /** The terminal has been placed or moved. */
  terminalChanged(terminal: string): void;
  /** The terminal is gone: nothing is kept for it. */
  terminalRemoved(place: Place): Promise<void>;
  /** Resolves when nothing more will be told; what waits is told at the next start. */
  close(): Promise<void>;
}

export interface AnnouncerParts {
  readonly terminals: TerminalStore;
  readonly places: Places;
  readonly rosters: Rosters;
  /** What a site's terminals record. */
  readonly policyOf: (site: string) => RecordingPolicy;
  /** The held clips that a terminal has not sent yet. */
  readonly heldAt: (terminal: string) => string[];
  readonly publish: PublishRetained;
  readonly onError: (error: unknown) => void;
}

const everything = Number.MAX_SAFE_INTEGER;

/** How long changes are gathered before they are told, in milliseconds. */
const gatherMs = 200;

export function createAnnouncer(parts: AnnouncerParts): Announcer {
  const { terminals, places, rosters, policyOf, heldAt, publish, onError } = parts;
  let waiting = new Map<string, () => Promise<void>>();
  let telling: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function tellSettings(terminal: string): Promise<void> {
    const place = terminals.terminal(terminal);
    const site = place && (await places.site(place.site));
    if (!place || !site) return;
    const { id, name, timeZone, mode, profile } = site;
    const counter = { id: place.counter, name: (await places.counter(id, place.counter))?.name ?? place.counter };
    const rules = { recording: policyOf(id), held: heldAt(terminal) };
    const settings: TerminalSettings = { site: { id, name, timeZone, mode }, counter, profile, ...rules };
    await publish(terminalTopic(place.site, terminal, 'settings'), settings);
  }

  async function tellSite(site: string): Promise<void> {
    for (const row of await terminals.terminals([site], '', everything)) await tellSettings(row.id);
  }

  async function tellRoster(site: string): Promise<void> {
    await publish(rosterTopic(site), await rosters.notice(site));
  }

  /** Many changes in a row, as an import makes them, are told once. */
  function soon(key: string, tell: () => Promise<void>): void {
    waiting.set(key, tell);
    timer ??= setTimeout(() => {
      timer = undefined;
      telling = telling.then(tellWaiting);
    }, gatherMs);
  }

  async function tellWaiting(): Promise<void> {
    const now = waiting;
    waiting = new Map();
    for (const tell of now.values()) await tell().catch(onError);
  }

  return {
    async all() {
      for (const { id } of await places.sites()) {
        await tellSite(id);
        await tellRoster(id);
      }
    },
    siteChanged(site) {
      soon(`site ${site}`, () => tellSite(site));
      soon(`roster ${site}`, () => tellRoster(site));
    },
    rosterChanged: (site) => soon(`roster ${site}`, () => tellRoster(site)),
    terminalChanged: (terminal) => soon(`terminal ${terminal}`, () => tellSettings(terminal)),
    async terminalRemoved({ site, terminal }) {
      for (const channel of ['settings', 'status'] as const)
        await publish(terminalTopic(site, terminal, channel), null);
    },
    close() {
      clearTimeout(timer);
      waiting = new Map();
      return telling;
    },
  };
}
