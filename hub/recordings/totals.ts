import type { RecordingRecord } from './recording.ts';

/** How many clips are stored, and their bytes. */
export interface Totals {
  readonly stored: number;
  readonly bytes: number;
}

/** Keeps count, so that pages may ask again and again without all clips being looked through. */
export interface TotalsCounter {
  now(): Totals;
  moved(from: RecordingRecord['state'], to: RecordingRecord['state'], bytes: number): void;
  /** What was counted may not have happened: it is counted anew when somebody asks. */
  doubt(): void;
}

export function countTotals(countAll: () => Totals): TotalsCounter {
  let known: Totals | null = null;
  return {
    now() {
      known ??= countAll();
      return known;
    },
    moved(from, to, bytes) {
      const more = Number(to === 'stored') - Number(from === 'stored');
      if (known !== null) known = { stored: known.stored + more, bytes: known.bytes + more * bytes };
    },
    doubt() {
      known = null;
    },
  };
}
