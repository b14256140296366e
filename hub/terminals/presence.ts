import { statusEveryMs } from '@manyi/config/limits';
import type { LivePresence } from '@manyi/config/live';
import type { Health, Status } from '@manyi/config/status';

/** What the hub knows of a terminal's presence. Times are epoch milliseconds. */
export interface Presence {
  readonly state: LivePresence['state'];
  readonly since: number;
  /** Events that wait on the terminal, as it last said; null before it was heard. */
  readonly unsent: number | null;
  readonly agent: string | null;
  readonly health: Health | null;
}

export interface Presences {
  /** `unknown` since the hub's start until the terminal is heard. */
  of(terminal: string): Presence;
  /** Takes a status message. `offline` counts only for the latest connection. */
  heard(terminal: string, status: Status): void;
  /** Takes for offline whoever has said nothing for so long that three of their words are missing. */
  watch(): void;
  forget(terminal: string): void;
  /** Calls back on every change of state or of what waits, until the returned function is called. */
  onChange(listener: (terminal: string) => void): () => void;
}

/** A terminal says every `statusEveryMs` that it is there; the rest is for a slow line. */
const silentAfterMs = 3 * statusEveryMs + 5000;

export function createPresences(now: () => number = Date.now): Presences {
  const unheard: Presence = { state: 'unknown', since: now(), unsent: null, agent: null, health: null };
  const known = new Map<string, { connection: string; heardAt: number; presence: Presence }>();
  const listeners = new Set<(terminal: string) => void>();
  const of = (terminal: string) => known.get(terminal)?.presence ?? unheard;

  function heard(terminal: string, status: Status): void {
    const before = known.get(terminal);
    if (status.state === 'offline' && before !== undefined && before.connection !== status.connection) return;
    const was = of(terminal);
    const presence = after(was, status, now());
    known.set(terminal, { connection: status.connection, heardAt: now(), presence });
    if (was.state !== presence.state || was.unsent !== presence.unsent) tell(terminal);
  }

  function watch(): void {
    for (const [terminal, { connection, heardAt, presence }] of known) {
      if (presence.state !== 'online' || now() - heardAt <= silentAfterMs) continue;
      known.set(terminal, { connection, heardAt, presence: { ...presence, state: 'offline', since: now() } });
      tell(terminal);
    }
  }

  function tell(terminal: string): void {
    for (const listener of listeners) listener(terminal);
  }

  return {
    of,
    heard,
    watch,
    forget: (terminal) => void known.delete(terminal),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function after(before: Presence, status: Status, now: number): Presence {
  const since = before.state === status.state ? before.since : now;
  if (status.state === 'offline') return { ...before, state: 'offline', since };
  const unsent = status.next - Math.min(status.first, status.next);
  return { state: 'online', since, unsent, agent: status.agent, health: status.health };
}
