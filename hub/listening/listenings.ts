import { randomUUID } from 'node:crypto';
import type { Me } from '@manyi/config/api';
import { type ListeningEnd, type ListeningState, listeningClose } from '@manyi/config/listening';
import type { Audit } from '../audit/audit.ts';
import { Refusal } from '../errors.ts';
import { maySee } from '../http/auth.ts';
import type { Presences } from '../terminals/presence.ts';
import type { Feeds } from './feeds.ts';
import type { Line } from './line.ts';
import { type Heard, type ListenedPlace, type LoggedListening, logListening } from './log.ts';

/** One supervisor who listens in to one counter. */
export interface OpenListening {
  readonly id: string;
  readonly who: string;
  readonly place: ListenedPlace;
  readonly purpose: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endsAt: number;
  readonly clerk: () => string | null;
}

/** Who listens in now. Each begins in the audit log before anything can be heard, and has an end there, whatever happens. */
export interface Listenings {
  begin(user: Me, token: string, place: ListenedPlace, purpose: string): OpenListening;
  /** The listening of that user; null for no such, which another's is too. */
  find(id: string, who: string): OpenListening | null;
  /** Its sound goes to this line from now on, and not to the one before. `openLine` makes it. */
  join(id: string, token: string, openLine: (onClosed: (left: boolean) => void) => Line): void;
  all(): OpenListening[];
  /** Looks, once a second, at what time, rights, terminals and lines have come to. */
  check(): void;
  /** Somebody else may be on duty at a terminal, or another customer be served. */
  heardChanged(terminal: string): void;
  close(): void;
}

export interface ListeningsParts {
  readonly audit: Audit;
  readonly feeds: Feeds;
  readonly presences: Presences;
  readonly heardAt: (place: ListenedPlace) => Heard;
  /** Whether the terminal still stands where it did. */
  readonly stands: (place: ListenedPlace) => boolean;
  readonly userOfToken: (token: string) => Me | null;
  readonly now: () => number;
  /** Reckons how long it lasts: see steady.ts. */
  readonly steady: () => number;
  readonly limitMs: number;
  readonly onError: (error: unknown) => void;
}

/** So long may pass until the listener joins, or comes back after a broken connection. Milliseconds. */
const joinWithinMs = 10_000;
/** Without a frame for so long the sound is no longer called live. */
const liveWithinMs = 1_500;

interface Open extends OpenListening {
  readonly log: LoggedListening;
  token: string;
  line: Line | null;
  unhear: () => void;
  /** When it began, and until when it was heard, while nobody hears it: as `steady` counts. */
  readonly begun: number;
  heardUntil: number;
  hasJoined: boolean;
  /** What the listener was told last, and whether that was that the sound comes. */
  told: string;
  isLive: boolean;
}

export function createListenings(parts: ListeningsParts): Listenings {
  const { feeds, presences, now, steady, limitMs } = parts;
  const open = new Map<string, Open>();
  let closed = false;

  function stateOf({ place }: Open): ListeningState {
    const { state, health } = presences.of(place.terminal);
    if (state !== 'online') return 'terminal-away';
    if (health?.parts?.microphone === false) return 'microphone-failed';
    const lastAt = feeds.lastAt(place.terminal);
    return lastAt !== null && performance.now() - lastAt < liveWithinMs ? 'live' : 'waiting';
  }

  function others(of: Open): string[] {
    const here = [...open.values()].filter(({ place, line }) => place.terminal === of.place.terminal && line !== null);
    return [...new Set(here.map(({ who }) => who))].filter((who) => who !== of.who).sort();
  }

  function tell(one: Open): void {
    if (one.line === null) return;
    const endsAt = new Date(one.endsAt).toISOString();
    const message = { type: 'state', state: stateOf(one), others: others(one), endsAt } as const;
    const text = JSON.stringify(message);
    if (text === one.told) return;
    one.told = text;
    one.isLive = message.state === 'live';
    one.line.tell(message);
  }

  function tellAll(): void {
    for (const one of open.values()) tell(one);
  }

  function leave(one: Open): void {
    if (one.line === null) return;
    one.line = null;
    one.heardUntil = steady();
    one.unhear();
  }

  function end(one: Open, why: ListeningEnd): void {
    if (!open.delete(one.id)) return;
    const { line } = one;
    leave(one);
    one.log.end(why, one.heardUntil);
    line?.tell({ type: 'ended', why });
    line?.close(listeningClose.ended, why);
    tellAll();
  }

  /** Why it has to end now; null while it goes on. */
  function endOf(one: Open): ListeningEnd | null {
    const user = parts.userOfToken(one.token);
    if (user === null || user.username !== one.who) return 'signed-out';
    if (!maySee(user, one.place.site)) return 'right-lost';
    if (!parts.stands(one.place)) return 'terminal-gone';
    if (steady() - one.begun >= limitMs) return 'limit';
    if (one.line === null && steady() - one.heardUntil >= joinWithinMs)
      return one.hasJoined ? 'went-away' : 'never-joined';
    const line = one.line?.check() ?? 'well';
    if (line === 'well') return null;
    return line === 'gone' ? 'went-away' : 'too-slow';
  }

  function hear(one: Open): () => void {
    return feeds.hear(one.place, (frame) => {
      if (one.line?.send(frame) === false) feeds.countDrop('slow-listener');
      if (!one.isLive) tell(one);
    });
  }

  function begin(user: Me, token: string, place: ListenedPlace, purpose: string): OpenListening {
    if (closed) throw new Refusal(503, 'the hub is stopping', [], 5);
    const who = user.username;
    const startedAt = now();
    const begun = steady();
    const log = logListening(parts, { who, place, purpose, begun }, parts.heardAt(place));
    const one: Open = {
      ...{ id: randomUUID(), who, place, purpose, startedAt, endsAt: startedAt + limitMs },
      ...{ log, clerk: log.clerk, token, line: null, unhear: () => {}, begun, heardUntil: begun },
      ...{ hasJoined: false, told: '', isLive: false },
    };
    open.set(one.id, one);
    return one;
  }

  function join(id: string, token: string, openLine: (onClosed: (left: boolean) => void) => Line): void {
    const one = open.get(id);
    const line: Line = openLine((left) => {
      if (one === undefined || one.line !== line) return;
      leave(one);
      if (left) end(one, 'left');
      else tellAll();
    });
    if (one === undefined) {
      line.close(listeningClose.ended, 'ended');
      return;
    }
    const before = one.line;
    // First, so that the terminal need not be told to stop and asked again.
    const unhear = hear(one);
    leave(one);
    before?.close(listeningClose.joinedAnew, 'joined anew');
    Object.assign(one, { token, line, unhear, hasJoined: true, told: '', isLive: false });
    tellAll();
  }

  return {
    begin,
    join,
    find(id, who) {
      const one = open.get(id);
      return one?.who === who ? one : null;
    },
    all: () => [...open.values()],
    check() {
      for (const one of [...open.values()]) {
        const why = endOf(one);
        if (why !== null) end(one, why);
      }
      tellAll();
    },
    heardChanged(terminal) {
      for (const one of [...open.values()]) {
        if (one.place.terminal !== terminal) continue;
        try {
          one.log.goesOnWith(parts.heardAt(one.place), one.line === null ? one.heardUntil : steady());
        } catch (error) {
          parts.onError(error);
          end(one, 'hub-failed');
        }
      }
    },
    close() {
      closed = true;
      for (const one of [...open.values()]) end(one, 'hub-stopped');
    },
  };
}
