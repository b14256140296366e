import type { Database } from '../../database/database.ts';

/** The outlines of clips. */
export interface WaveformStore {
  find(recording: string): { readonly peaks: Buffer | null; readonly failed: string | null } | null;
  keep(recording: string, peaks: Buffer | null, failed: string | null): void;
  /** The stored clips that wait for their outline. Looks through all that are stored: for a start. */
  waiting(): string[];
  forget(recording: string): void;
}

export function createWaveformStore({ sqlite }: Database): WaveformStore {
  const find = sqlite.prepare<[string], { peaks: Buffer | null; failed: string | null }>(
    'SELECT peaks, failed FROM recording_waveforms WHERE recording = ?',
  );
  const keep = sqlite.prepare('INSERT OR REPLACE INTO recording_waveforms (recording, peaks, failed) VALUES (?, ?, ?)');
  const forget = sqlite.prepare('DELETE FROM recording_waveforms WHERE recording = ?');
  const waiting = sqlite
    .prepare<[], string>(
      `SELECT r.recording FROM recordings r
       WHERE r.state = 'stored' AND NOT EXISTS (SELECT 1 FROM recording_waveforms w WHERE w.recording = r.recording)`,
    )
    .pluck();
  return {
    find: (recording) => find.get(recording) ?? null,
    keep: (recording, peaks, failed) => void keep.run(recording, peaks, failed),
    waiting: () => waiting.all(),
    forget: (recording) => void forget.run(recording),
  };
}
