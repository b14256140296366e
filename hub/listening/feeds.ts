import { type CommandName, commandData } from '@manyi/config/commands';
import { readFrame } from '@manyi/config/listening';
import type { Presences } from '../terminals/presence.ts';
import type { ListenedPlace } from './log.ts';

/** Why a frame of sound went no further. */
export type DropReason = 'unasked' | 'malformed' | 'too-large' | 'too-many' | 'slow-listener';

/** The live sound of terminals. Each is asked for it once, for as long as anybody hears it. */
export interface Feeds {
  /** Hands on every frame of a terminal, as it came, until the returned function is called. */
  hear(place: ListenedPlace, listener: (frame: Buffer) => void): () => void;
  /** Takes what a terminal has sent. What nobody asked for, and what no terminal of ours sends, is dropped and counted. */
  take(terminal: string, payload: Buffer): void;
  /** When the last frame of a terminal came, by `performance.now()`; null when none has since it was asked. */
  lastAt(terminal: string): number | null;
  countDrop(why: DropReason): void;
  readonly drops: () => ReadonlyMap<DropReason, number>;
  close(): void;
}

export interface FeedParts {
  readonly presences: Presences;
  /** Sends a command to a terminal, without waiting. */
  readonly command: (place: ListenedPlace, name: CommandName, data: unknown) => void;
}

/** A terminal goes on for so long without a word of ours; it hears one much sooner, so that a word may be late or lost. */
const leaseSeconds = 10;
const renewEveryMs = 3_000;
/** A terminal sends eight to ten frames a second, of six kilobytes with two channels. */
const mostFrameBytes = 16 * 1024;
const mostFramesPerSecond = 20;

interface Feed {
  readonly place: ListenedPlace;
  readonly listeners: Set<(frame: Buffer) => void>;
  lastAt: number | null;
  /** How many frames more may come now, and when that was reckoned. */
  room: number;
  reckonedAt: number;
}

export function createFeeds({ presences, command }: FeedParts): Feeds {
  const feeds = new Map<string, Feed>();
  const drops = new Map<DropReason, number>();

  function ask({ place }: Feed): void {
    command(place, 'listen', commandData.listen.parse({ seconds: leaseSeconds }));
  }

  function open(place: ListenedPlace): Feed {
    const now = performance.now();
    const feed: Feed = { place, listeners: new Set(), lastAt: null, room: mostFramesPerSecond, reckonedAt: now };
    feeds.set(place.terminal, feed);
    ask(feed);
    return feed;
  }

  function shut(feed: Feed): void {
    feeds.delete(feed.place.terminal);
    command(feed.place, 'stop-listening', {});
  }

  function countDrop(why: DropReason): void {
    drops.set(why, (drops.get(why) ?? 0) + 1);
  }

  /** Why a frame is not handed on; null when it is. */
  function fault(feed: Feed, payload: Buffer): DropReason | null {
    if (payload.length > mostFrameBytes) return 'too-large';
    const now = performance.now();
    feed.room = Math.min(mostFramesPerSecond, feed.room + ((now - feed.reckonedAt) / 1000) * mostFramesPerSecond);
    feed.reckonedAt = now;
    if (feed.room < 1) return 'too-many';
    feed.room -= 1;
    if (readFrame(payload) === null) return 'malformed';
    feed.lastAt = now;
    return null;
  }

  const renewing = setInterval(() => {
    for (const feed of feeds.values()) ask(feed);
  }, renewEveryMs);
  // One that comes back has forgotten that it was asked.
  const unfollow = presences.onChange((terminal) => {
    const feed = feeds.get(terminal);
    if (feed !== undefined && presences.of(terminal).state === 'online') ask(feed);
  });

  return {
    hear(place, listener) {
      const feed = feeds.get(place.terminal) ?? open(place);
      feed.listeners.add(listener);
      return () => {
        feed.listeners.delete(listener);
        if (feed.listeners.size === 0 && feeds.get(place.terminal) === feed) shut(feed);
      };
    },
    take(terminal, payload) {
      const feed = feeds.get(terminal);
      const why = feed === undefined ? 'unasked' : fault(feed, payload);
      if (why !== null) countDrop(why);
      else for (const listener of feed?.listeners ?? []) listener(payload);
    },
    lastAt: (terminal) => feeds.get(terminal)?.lastAt ?? null,
    countDrop,
    drops: () => drops,
    close() {
      clearInterval(renewing);
      unfollow();
      for (const feed of [...feeds.values()]) shut(feed);
    },
  };
}
