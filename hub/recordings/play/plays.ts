import type { Me } from '@manyi/config/api';
import { asDelivered } from '@manyi/config/audit';
import type { Audit } from '../../audit/audit.ts';
import { placeOf, type RecordingRecord } from '../recording.ts';
import { createSpans, type Spans } from './spans.ts';

/**
 * Who is playing what. It is in the audit log before anything of it can be heard; a browser asks for one clip in many pieces, and they are one
 * play while they follow each other. When nothing was heard of it for a minute it has ended, and how long it lasted is written too: by what
 * the player said; of one that said nothing, as much as it was sent.
 */
export interface Plays {
  /** Somebody has said why, and plays from now on, or goes on playing for the same purpose. */
  begin(user: Me, record: RecordingRecord, purpose: string): void;
  /** A piece of it is to be sent; null when there is no play of that user. */
  send(user: Me, recording: string): Sending | null;
  /** The player says that it still plays; false when there is no play of that user. */
  goesOn(user: Me, recording: string): boolean;
  /** Ends all, as at the end of the hub. */
  close(): void;
}

/** A piece on its way. */
export interface Sending {
  /** So much of the clip has been sent: from where to where, as parts of the whole. */
  took(from: number, to: number): void;
  done(): void;
}

interface Play {
  readonly position: number;
  readonly who: string;
  readonly record: RecordingRecord;
  readonly purpose: string;
  readonly since: number;
  last: number;
  sending: number;
  readonly sent: Spans;
  /** Whether the player says that it plays. */
  hasSaid: boolean;
}

const quietMs = 60_000;
const lookEveryMs = 5_000;

/** `now` reckons how long they last: see steady.ts. */
export function createPlays(audit: Audit, now: () => number, onError: (error: unknown) => void): Plays {
  const plays = new Map<string, Play>();
  const keyOf = (user: string, recording: string) => `${user} ${recording}`;

  function open(user: Me, record: RecordingRecord, purpose: string): Play {
    const fact = { who: user.username, what: 'recording.play', ...placeOf(record), why: purpose } as const;
    const position = audit.record(fact);
    return {
      ...{ position, who: user.username, record, purpose },
      ...{ since: now(), last: now(), sending: 0 },
      sent: createSpans(),
      hasSaid: false,
    };
  }

  function end(key: string, play: Play): void {
    plays.delete(key);
    try {
      audit.record({
        who: play.who,
        what: 'recording.played',
        ...placeOf(play.record),
        about: play.position,
        ...lengthOf(play),
      });
    } catch (error) {
      onError(error);
    }
  }

  function lengthOf({ hasSaid, sent, record, sending, last, since }: Play) {
    if (!hasSaid) return { lastedMs: Math.round(sent.total() * (record.durationMs ?? 0)), detail: asDelivered };
    return { lastedMs: Math.max(0, Math.round((sending > 0 ? now() : last) - since)) };
  }

  function endQuiet(): void {
    for (const [key, play] of plays) if (play.sending === 0 && now() - play.last > quietMs) end(key, play);
  }

  endUnended(audit, onError);
  const looking = setInterval(endQuiet, lookEveryMs);
  looking.unref();

  return {
    begin(user, record, purpose) {
      endQuiet();
      const key = keyOf(user.username, record.recording);
      const known = plays.get(key);
      // Another purpose is another play.
      if (known !== undefined && known.purpose !== purpose) end(key, known);
      const play = plays.get(key) ?? open(user, record, purpose);
      plays.set(key, play);
      play.last = now();
    },
    send(user, recording) {
      endQuiet();
      const play = plays.get(keyOf(user.username, recording));
      if (play === undefined) return null;
      play.sending += 1;
      play.last = now();
      return {
        took: play.sent.add,
        done() {
          play.sending -= 1;
          play.last = now();
        },
      };
    },
    goesOn(user, recording) {
      endQuiet();
      const play = plays.get(keyOf(user.username, recording));
      if (play === undefined) return false;
      play.last = now();
      play.hasSaid = true;
      return true;
    },
    close() {
      clearInterval(looking);
      for (const [key, play] of plays) end(key, play);
    },
  };
}

/** Ends in the log what was being played when the hub stopped without a word: how long it went on, nobody knows. */
function endUnended(audit: Audit, onError: (error: unknown) => void): void {
  try {
    for (const { position, who, site, counter, clerk, service, recording } of audit.unended('recording.play')) {
      const fact = { who, site, counter, clerk, service, recording, about: position, lastedMs: null };
      audit.record({ ...fact, what: 'recording.played', detail: 'hub-failed' });
    }
  } catch (error) {
    onError(error);
  }
}
