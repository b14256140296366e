import type { Owner, Sum } from './state.ts';
import { change, record, type Turn } from './turn.ts';

/** Presses that count for nothing are summed, one event a service or quiet period, so that mashing fills no ledger. */

type Counted = 'repeats' | 'twoFaces';

/**
 * How long it must be quiet. With no service open it is the lock-out; while a service is open only the time of the thanks, in
 * which a press is still the hand that has just been thanked.
 */
function quietMs(turn: Turn): number {
  return turn.state.service === null ? turn.rules.lockoutMs : turn.rules.thanksMs;
}

/** A rating was given: from now on, until it has been quiet, its customer's presses are repeats. */
export function beginQuiet(turn: Turn, owner: Owner, why: 'repeat' | 'quiet-period'): void {
  change(turn, { repeats: { why, owner: ownerOnly(owner), presses: {}, until: turn.now + quietMs(turn) } });
}

/** Presses after a rating: they count nothing, and the quiet begins again. */
export function addRepeats(turn: Turn, repeats: Sum, levels: readonly string[]): void {
  change(turn, { repeats: added(turn, repeats, levels) });
}

/** Two faces at once, where a rating was possible. */
export function addTwoFaces(turn: Turn, owner: Sum['owner'], levels: readonly string[]): void {
  const running = turn.state.twoFaces;
  const same = running?.owner.service === owner.service && running.owner.duty === owner.duty;
  if (!same) closeSum(turn, 'twoFaces');
  const sum = turn.state.twoFaces ?? { why: 'two-faces', owner, presses: {}, until: turn.now };
  change(turn, { twoFaces: added(turn, sum, levels) });
}

/** The presses of every level that stand in sums which are not told yet. */
export function untoldPresses({ repeats, twoFaces }: Turn['state']): Record<string, number> {
  const presses: Record<string, number> = {};
  for (const sum of [repeats, twoFaces]) {
    for (const [level, count] of Object.entries(sum?.presses ?? {})) presses[level] = (presses[level] ?? 0) + count;
  }
  return presses;
}

/** A sum is told and forgotten; one of nothing is only forgotten. */
export function closeSum(turn: Turn, counted: Counted): void {
  const sum = turn.state[counted];
  if (sum === null) return;
  if (Object.keys(sum.presses).length > 0) {
    record(turn, 'manyi.press.ignored.v1', { ...sum.owner, why: sum.why, presses: sum.presses });
  }
  change(turn, { [counted]: null });
}

/** When a sum may be closed: never while its service is open, because there is one event a service. */
export function sumCloses(turn: Pick<Turn, 'state'>, counted: Counted): number | null {
  const sum = turn.state[counted];
  if (sum === null) return null;
  const open = turn.state.service?.place.service;
  return open !== undefined && sum.owner.service === open ? null : sum.until;
}

/** The owner alone, of a place that says more. */
export function ownerOnly({ service, duty, clerk, counter }: Owner): Owner {
  return { service, duty, clerk, counter };
}

function added(turn: Turn, sum: Sum, levels: readonly string[]): Sum {
  const presses = { ...sum.presses };
  for (const level of levels) presses[level] = (presses[level] ?? 0) + 1;
  return { ...sum, presses, until: turn.now + quietMs(turn) };
}
