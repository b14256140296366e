import type { Logger } from 'pino';
import { isTold, type RecordingRecord, type ToldRecord } from '../recording.ts';
import { damageOf } from '../sounds.ts';
import { NoUse, TooSlow } from './ffmpeg.ts';
import { peaksOf } from './peaks.ts';
import type { WaveformStore } from './store.ts';

/** What there is of a clip's outline: `failed` says why there is none, be it for good or only for now. */
export interface Outline {
  readonly peaks: Buffer | null;
  readonly failed: string | null;
}

/** Makes the outline of every clip once, when it has arrived, one after another. */
export interface Outlines {
  /** Makes those that are missing. */
  start(): void;
  /** A clip has arrived, or can be read again. */
  add(recording: string): void;
  of(recording: string): Outline;
  /** Breaks off; what is left is made after the next start. */
  close(): Promise<void>;
}

export interface OutlineParts {
  readonly store: WaveformStore;
  readonly find: (recording: string) => RecordingRecord | null;
  readonly sound: (record: ToldRecord) => AsyncIterable<Buffer>;
  readonly log: Logger;
}

/** How long all wait, in milliseconds, when two in a row could not be made for a reason that is not known to be the clip's own. */
const pauseMs = 60_000;

/** What making one has come to: `later` may be its own fault, or what it would be with any other. */
type Made = 'done' | 'later';

export function createOutlines({ store, find, sound, log }: OutlineParts): Outlines {
  let waiting: string[] = [];
  /** Those that are tried again at the next start, and why. */
  const givenUp = new Map<string, string>();
  let stuck: string | null = null;
  let pause: NodeJS.Timeout | undefined;
  let working: Promise<void> | null = null;
  const closing = new AbortController();

  async function make(recording: string): Promise<Made> {
    const record = find(recording);
    if (record?.state !== 'stored' || !isTold(record)) return 'done';
    try {
      const peaks = await peaksOf(sound(record), record.durationMs, closing.signal);
      keep(recording, peaks, null);
    } catch (error) {
      if (!closing.signal.aborted) return failed(recording, error);
    }
    return 'done';
  }

  /** Of a clip that was deleted meanwhile nothing may stay. */
  function keep(recording: string, peaks: Buffer | null, failed: string | null): void {
    const isHere = find(recording)?.state === 'stored';
    if (isHere && !closing.signal.aborted) store.keep(recording, peaks, failed);
  }

  /** Only what will be so for ever is stored. A damaged clip says so itself. */
  function failed(recording: string, error: unknown): Made {
    if (damageOf(error) !== null) return 'done';
    const cause = error instanceof Error ? error.message : String(error);
    if (cause !== stuck) log.warn({ recording }, `no waveform can be made of a clip: ${cause}`);
    if (error instanceof NoUse) keep(recording, null, cause);
    else if (error instanceof TooSlow) givenUp.set(recording, cause);
    else {
      stuck = cause;
      return 'later';
    }
    return 'done';
  }

  async function work(): Promise<void> {
    for (let next = waiting[0]; next !== undefined && !closing.signal.aborted; next = waiting[0]) {
      const wasStuck = stuck !== null;
      const made = await make(next);
      waiting.shift();
      if (made === 'done') stuck = null;
      else waiting.push(next);
      if (made === 'done' || !wasStuck) continue;
      pause = setTimeout(begin, pauseMs);
      return;
    }
  }

  function begin(): void {
    pause = undefined;
    working ??= work()
      .catch((error: unknown) => log.error({ err: error }, 'waveforms could not be made'))
      .finally(() => {
        working = null;
      });
  }

  return {
    start() {
      waiting = store.waiting();
      begin();
    },
    add(recording) {
      waiting.push(recording);
      if (pause === undefined) begin();
    },
    of(recording) {
      const made = store.find(recording);
      return made ?? { peaks: null, failed: givenUp.get(recording) ?? stuck };
    },
    async close() {
      closing.abort();
      clearTimeout(pause);
      await working;
    },
  };
}
