import type { LivePresence } from '@manyi/config/live';
import { toRfc3339 } from '@manyi/config/zone';
import type { Presences } from '../terminals/presence.ts';
import type { LiveStore, PlacedTerminal } from './store.ts';

/** Who can be heard, and word of every change. */
export interface PresenceSource {
  all(): LivePresence[];
  /** Calls back on every change until the returned function is called. */
  subscribe(listener: (presence: LivePresence) => void): () => void;
}

/** The presence of terminals together with where they stand. A terminal that was removed is not spoken of. */
export function createPresenceSource(presences: Presences, store: LiveStore): PresenceSource {
  const toLive = ({ id, site, counter }: PlacedTerminal): LivePresence => {
    const { state, since, unsent } = presences.of(id);
    return {
      site,
      terminal: id,
      counter: counter || null,
      state,
      since: toRfc3339(since, store.zones.of(site)),
      unsent,
    };
  };
  return {
    all: () => store.terminals().map(toLive),
    subscribe: (listener) =>
      presences.onChange((id) => {
        const terminal = store.terminal(id);
        if (terminal !== null) listener(toLive(terminal));
      }),
  };
}
