import type { Logger } from 'pino';
import type { RecordingRecord } from '../recording.ts';
import { NoFfmpeg } from './ffmpeg.ts';
import { peaksOf } from './peaks.ts';
import type { WaveformStore } from './store.ts';

/** Makes the outline of every clip once, when it has arrived, one after another. */
export interface Outlines {
  /** A clip has arrived. */
  add(recording: string): void;
  /** Breaks off; what is left is made after the next start. */
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
  const closing = new AbortController();

  async function make(recording: string): Promise<void> {
    const record = find(recording);
    if (record?.state !== 'stored') return;
    try {
      const peaks = await peaksOf(sound(record), record.durationMs, closing.signal);
      if (!closing.signal.aborted) store.keep(recording, peaks, null);
    } catch (error) {
      if (closing.signal.aborted) return;
      const cause = error instanceof Error ? error.message : String(error);
      log.warn({ recording }, `no waveform can be made of a clip: ${cause}`);
      if (!(error instanceof NoFfmpeg)) store.keep(recording, null, cause);
    }
  }

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && !closing.signal.aborted; next = waiting.shift())
      await make(next);
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
      closing.abort();
      await working;
    },
  };
}
