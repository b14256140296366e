import { change, dutyPlace, record, type Turn } from './turn.ts';

/** Duty: who is at the counter, and whether on a break. A running service keeps its clerk through all of it. */

/** A duty begins. A service that runs already stays whose it was. */
export function startDuty(turn: Turn, clerk: string): void {
  const duty = { id: turn.rules.newId(), clerk, paused: false };
  record(turn, 'manyi.duty.started.v1', dutyPlace(turn, duty));
  change(turn, { duty });
}

/** The duty ends, paused or not. */
export function endDuty(turn: Turn, endedBy: 'badge' | 'other-badge' | 'restart'): void {
  const { duty } = turn.state;
  if (duty === null) return;
  record(turn, 'manyi.duty.ended.v1', { ...dutyPlace(turn, duty), endedBy });
  change(turn, { duty: null });
}

/** The clerk goes on a break. The panel stays live, and a running service runs on. */
export function pause(turn: Turn, reason: string | null): void {
  const { duty } = turn.state;
  if (duty === null || duty.paused) return;
  record(turn, 'manyi.duty.paused.v1', { ...dutyPlace(turn, duty), reason });
  change(turn, { duty: { ...duty, paused: true } });
}

/** The clerk is back. */
export function resume(turn: Turn): void {
  const { duty } = turn.state;
  if (!duty?.paused) return;
  record(turn, 'manyi.duty.resumed.v1', dutyPlace(turn, duty));
  change(turn, { duty: { ...duty, paused: false } });
}
