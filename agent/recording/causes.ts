import { CoderError } from './capture/coder.ts';

/** What keeps a counter from being recorded, each in one line that says what to do. */

/** Others go because of so many held clips: a decision of the hub's users, which only they can mend. */
export function crowdedLine(held: number): string {
  const mend = 'see that they are sent, let them go, or raise MANYI_RECORDING_MEGABYTES';
  return `recordings that are held (${held}) take the room here, and others are deleted for want of it: ${mend}`;
}

/** So much sound was heard and is in no clip. Milliseconds. */
export function missedLine(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s of sound are in no recording`;
}

export const tooSlow = 'the coder or the disk is too slow: see what keeps this machine busy, or change the card';
export const nearlyFull = 'the disk of the data folder is nearly full, and events come first: make room';

/** One line for what failed at recording; null for a mistake of ours. */
export function causeOf(error: unknown): string | null {
  if (error instanceof CoderError) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^E[A-Z]+$/.test(code)
    ? `the disk of the data folder takes no recordings (${code}): make room, or change the card`
    : null;
}
