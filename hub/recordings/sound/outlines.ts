import type { Logger } from 'pino';
import type { RecordingRecord } from '../recording.ts';
import { NoFfmpeg } from './ffmpeg.ts';
import { peaksOf } from './peaks.ts';
import type { WaveformStore } from './store.ts';

/** Makes the outline of every clip once, when it has arrived, one after another. */
export interface Outlines {
  /** A clip has arrived. */
  add(recording: string): void;
  /** Waits for the one at work; the others are made after the next start. */
  close(): Promise<void>;
}

export interface OutlineParts {
  readonly store: WaveformStore;
  readonly find: (recording: string) => RecordingRecord | null;
  readonly sound: (record: RecordingRecord) => AsyncIterable<Buffer>;
  readonly log: Logger;
}

export function createOutlines({ store, find, sound, log }: OutlineParts): Outlines {
  const waiting = store.waiting();
  let working: Promise<void> | null = null;
  let closed = false;

  async function make(recording: string): Promise<void> {
    const record = find(recording);
    if (record?.state !== 'stored') return;
    try {
      const peaks = await peaksOf(sound(record), record.durationMs);
      if (!closed) store.keep(recording, peaks, null);
    } catch (error) {
      if (closed) return;
      const cause = error instanceof Error ? error.message : String(error);
      log.warn({ recording }, `no waveform can be made of a clip: ${cause}`);
      if (!(error instanceof NoFfmpeg)) store.keep(recording, null, cause);
    }
  }

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && !closed; next = waiting.shift()) await make(next);
  }

  function begin(): void {
    working ??= work()
      .catch((error: unknown) => log.error({ err: error }, 'waveforms could not be made'))
      .finally(() => {
        working = null;
      });
  }

  begin();
  return {
    add(recording) {
      waiting.push(recording);
      begin();
    },
    async close() {
      closed = true;
      await working;
    },
  };
}
