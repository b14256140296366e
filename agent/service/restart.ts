import { resumeWithinMs } from '@manyi/config/limits';
import { endDuty } from './duty.ts';
import { openInvitation } from './invitation.ts';
import { closeSum } from './quiet.ts';
import { endService, outcomeOf } from './run.ts';
import type { OpenService, Sum } from './state.ts';
import { change, type Turn } from './turn.ts';

/** The terminal came back after a failure or a stop. */

/** Soon enough, everything goes on; later, what was open ended when the terminal was last known to run. */
export function restart(turn: Turn, lastKnown: number, awayMs: number): void {
  boundDeadlines(turn);
  if (awayMs > resumeWithinMs) breakOff(turn, lastKnown);
  else askAnew(turn);
}

/** An invitation that was open opens anew in full: the customer could not press in between. */
function askAnew(turn: Turn): void {
  const { service } = turn.state;
  if (service === null || service.closes === null) return;
  openInvitation(turn, service, service.invited?.by ?? 'automatic');
}

/** The customer has gone: the service is interrupted, the duty over, and nothing waits any more. */
function breakOff(turn: Turn, lastKnown: number): void {
  const { service, waiting } = turn.state;
  turn.at = lastKnown;
  if (service !== null) endService(turn, service, interrupted(service));
  closeSum(turn, 'repeats');
  closeSum(turn, 'twoFaces');
  endDuty(turn, waiting?.badgeOff ? 'badge' : 'restart');
  change(turn, { waiting: null, unrated: null, page: null });
  turn.at = null;
}

/** A customer's own answer outlives the failure. */
function interrupted(service: OpenService): 'rated' | 'declined' | 'interrupted' {
  const outcome = outcomeOf(service);
  return outcome === 'rated' || outcome === 'declined' ? outcome : 'interrupted';
}

/** A machine without a clock of its own may come back in the past: nothing may then last longer than it ever does. */
function boundDeadlines(turn: Turn): void {
  const { now, rules } = turn;
  const { repeats, twoFaces, asksAgainUntil, page, unrated } = turn.state;
  const longest = now + Math.max(rules.lockoutMs, rules.thanksMs);
  const bound = <T extends Sum | null>(sum: T): T => sum && { ...sum, until: Math.min(sum.until, longest) };
  change(turn, {
    repeats: bound(repeats),
    twoFaces: bound(twoFaces),
    asksAgainUntil: asksAgainUntil && Math.min(asksAgainUntil, longest),
    page: page && { ...page, until: Math.min(page.until, longest) },
    unrated: unrated && { ...unrated, endedAt: Math.min(unrated.endedAt, now) },
  });
}
