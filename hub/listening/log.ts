import type { ListeningEnd, listeningEndDetail } from '@manyi/config/listening';
import type { z } from 'zod';
import type { Audit } from '../audit/audit.ts';

/** Where somebody listens. */
export interface ListenedPlace {
  readonly site: string;
  readonly counter: string;
  readonly terminal: string;
}

/** Who is heard: the clerk on duty, and the service that runs. Null where there is none, or the hub does not know. */
export interface Heard {
  readonly clerk: string | null;
  readonly service: string | null;
}

/**
 * One listening in the audit log. An entry has one clerk: when another one comes on duty meanwhile, it ends there and goes on under a new
 * entry, so that each clerk can be shown who has heard them. Another service of the same clerk is named by an entry of its own between the
 * two.
 */
export interface LoggedListening {
  readonly clerk: () => string | null;
  /**
   * Somebody else may be heard from now on: another clerk, with `until` when the one before was heard last (as `steady` counts), or another service. Throws when
   * it cannot be written: then nobody may go on listening.
   */
  goesOnWith(heard: Heard, until: number): void;
  /** Ends it: it was heard until `until`, as `steady` counts. Once is enough, more do no harm. */
  end(why: ListeningEnd, until: number): void;
}

export interface Started {
  readonly who: string;
  readonly place: ListenedPlace;
  readonly purpose: string;
  /** When, as `steady` counts. */
  readonly begun: number;
}

export interface LogParts {
  readonly audit: Audit;
  /** Reckons how long it lasts: see steady.ts. */
  readonly steady: () => number;
  readonly onError: (error: unknown) => void;
}

/** Writes the start into the log. Throws when it cannot be written: then nothing may be heard. */
export function logListening(
  { audit, steady, onError }: LogParts,
  { who, place, purpose, begun }: Started,
  first: Heard,
): LoggedListening {
  const { site, counter, terminal } = place;
  let heard = first;
  let since = begun;
  let position: number | null = start();

  function start(): number {
    return audit.record({ who, what: 'listening.start', site, counter, ...heard, why: purpose, detail: terminal });
  }

  /** Between two services, what is heard counts to the first. */
  function goesOnInService(service: string | null): void {
    if (service === null || service === heard.service || position === null) return;
    heard = { ...heard, service };
    audit.record({ who, what: 'listening.service', site, counter, ...heard, why: purpose, detail: String(position) });
  }

  function end(why: z.infer<typeof listeningEndDetail>, until: number): void {
    if (position === null) return;
    const about = position;
    position = null;
    const lastedMs = Math.max(0, Math.round(until - since));
    const fact = { who, site, counter, ...heard, why: purpose, detail: why, about, lastedMs };
    audit.record({ ...fact, what: 'listening.end' });
  }

  return {
    clerk: () => heard.clerk,
    goesOnWith(next, until) {
      if (next.clerk === heard.clerk) goesOnInService(next.service);
      else {
        end('clerk-changed', until);
        heard = next;
        since = steady();
        position = start();
      }
    },
    end(why, until) {
      try {
        end(why, until);
      } catch (error) {
        onError(error);
      }
    },
  };
}

/** Ends in the log what was going on when the hub stopped without a word: each was heard until `lastBeat` at the least. */
export function endUnended(audit: Audit, lastBeat: number): void {
  for (const { position, at, who, site, counter, clerk, service, why } of audit.unended('listening.start')) {
    const fact = { who, site, counter, clerk, service, why, about: position, lastedMs: Math.max(0, lastBeat - at) };
    audit.record({ ...fact, what: 'listening.end', detail: 'hub-failed' });
  }
}
