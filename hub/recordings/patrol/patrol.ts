import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isHere, isTold, type ToldRecord } from '../recording.ts';
import type { Sounds } from '../sounds.ts';
import type { RecordingStore } from '../store.ts';
import { createPace } from '../upload/pace.ts';
import type { PatrolMemory, Place } from './store.ts';
import type { Strays } from './strays.ts';

/**
 * Reads what is kept, clip after clip, round after round, so that damage is found before somebody needs the clip; and finds again what
 * the database has lost. It goes on where it was when the hub ended.
 */
export interface Patrol {
  /** Since when every stored clip has been read again and was as it was, or counts as damaged; null before the first round is over. */
  verifiedSince(): number | null;
  /** Breaks off. Before the database is closed. */
  close(): Promise<void>;
}

export interface PatrolParts {
  readonly store: RecordingStore;
  readonly sounds: Sounds;
  readonly strays: Strays;
  readonly memory: PatrolMemory;
  /** Is told of a clip that was damaged and is not any more. */
  readonly mended: (recording: string) => void;
  readonly now: () => number;
  readonly log: Logger;
  /** How long a round takes at least, in milliseconds. */
  readonly roundMs: number;
}

/** Read in a second at most: a terabyte takes eleven days, and nothing else is slowed. */
const bytesPerSecond = 1024 * 1024;
const pageSize = 500;
/** How long it rests when the storage fails. */
const failedMs = 60_000;
/** How often it writes down where it is. */
const keepEveryMs = 60_000;
/** A round with nothing in it takes this part of one. */
const emptyPart = 24;

export function startPatrol({ store, sounds, strays, memory, mended, now, log, roundMs }: PatrolParts): Patrol {
  const closing = new AbortController();
  const { signal } = closing;
  const rest = (ms: number) => pause(ms, undefined, { signal, ref: false });
  const pace = createPace(bytesPerSecond);
  let kept = 0;

  async function read(record: ToldRecord): Promise<boolean> {
    try {
      await sounds.check(record, async (bytes) => {
        signal.throwIfAborted();
        await pace.take(bytes);
      });
      if (record.state === 'damaged' && store.find(record.recording)?.state === 'stored') mended(record.recording);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      // Of one that was deleted meanwhile nothing need be read.
      const isGone = store.find(record.recording)?.state !== record.state;
      if (!isGone) log.warn({ err: error, recording: record.recording }, 'a recording could not be read to verify it');
      return isGone;
    }
  }

  function isAt(place: Place): void {
    if (now() - kept < keepEveryMs) return;
    kept = now();
    memory.keep(place);
  }

  /** Each clip takes its share of a round's time. */
  async function visit(recording: string): Promise<boolean> {
    const before = store.find(recording);
    if (before === null || !isHere(before) || !isTold(before)) return true;
    await rest((roundMs * before.bytes) / Math.max(before.bytes, store.totals().bytes));
    const record = store.find(recording);
    if (record === null || !isHere(record) || !isTold(record)) return true;
    if (await read(record)) return true;
    await rest(failedMs);
    return false;
  }

  async function look(): Promise<void> {
    try {
      await strays.look();
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error }, 'the storage of the recordings could not be looked through');
    }
  }

  async function round(): Promise<void> {
    await look();
    let place: Place = memory.place() ?? { begun: now(), after: null, failed: false };
    for (let isLast = false; !isLast; ) {
      const page = store.after(place.after, pageSize);
      for (const { recording, state } of page) {
        const well = !isHere({ state }) || (await visit(recording));
        place = { ...place, after: recording, failed: place.failed || !well };
        isAt(place);
      }
      isLast = page.length < pageSize;
      await rest(1);
    }
    memory.keep(null);
    if (!place.failed) memory.verified(place.begun);
    if (store.totals().stored === 0) await rest(roundMs / emptyPart);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await round();
      } catch (error) {
        if (signal.aborted) return;
        log.error({ err: error }, 'the patrol of the recordings failed');
        await rest(failedMs).catch(() => {});
      }
    }
  }

  const running = run();
  return {
    verifiedSince: memory.verifiedSince,
    async close() {
      closing.abort();
      await running;
    },
  };
}
