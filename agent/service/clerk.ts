import { endDuty, startDuty } from './duty.ts';
import { invite, moveOn } from './invitation.ts';
import { closeSum } from './quiet.ts';
import { startService } from './run.ts';
import type { Call } from './state.ts';
import { change, type Turn } from './turn.ts';

/** What the clerk does to move on: `next`, `end`, the badge, and the one key that panels have for the clerk. */

/**
 * The next customer. A continuous site knows no calling, so there it only ends what is open. The clerk's own call is the
 * boundary between two customers: what is pressed after it belongs to the new service, so the quiet after the last rating
 * ends. (A call that waited behind an invitation begins its service under that quiet.)
 */
export function next(turn: Turn, call: Call): void {
  const { service } = turn.state;
  if (turn.rules.mode === 'continuous') end(turn);
  else if (service !== null) moveOn(turn, service, { badgeOff: isLeaving(turn), next: waitingCall(turn, call) });
  else startService(turn, 'next', call);
  if (turn.state.service?.rated === false) closeSum(turn, 'repeats');
}

/** Only one call waits, the newest that names a ticket. A clerk who has tapped out calls nobody any more. */
function waitingCall(turn: Turn, call: Call): Call | null {
  if (isLeaving(turn)) return null;
  const earlier = turn.state.waiting?.next ?? null;
  return call.ticket === null && earlier !== null ? earlier : call;
}

function isLeaving(turn: Turn): boolean {
  return turn.state.waiting?.badgeOff ?? false;
}

/**
 * The clerk's own key, never a customer's: it invites, and once the customer was invited or has rated it calls the next one.
 */
export function clerkKey(turn: Turn): void {
  if (isToInvite(turn)) invite(turn);
  else next(turn, { ticket: null, business: null });
}

/**
 * With no service open there is nobody to invite in a called site, where a service begins with the call. In a continuous one
 * there may be, but not while the customer who has just rated still sees the thanks.
 */
function isToInvite({ state: { service, page }, rules }: Turn): boolean {
  if (service === null) return rules.mode === 'continuous' && page === null;
  return !service.rated && service.invited === null;
}

/** The service is over, with nobody next. What waits already stays. */
export function end(turn: Turn): void {
  const { service, waiting } = turn.state;
  if (service !== null) moveOn(turn, service, waiting ?? { badgeOff: false, next: null });
}

/** A badge: the clerk on duty taps out; anybody else begins a duty at once, and ends the one that was. */
export function badge(turn: Turn, clerk: string): void {
  if (turn.state.duty?.clerk === clerk) tapOut(turn);
  else takeOver(turn, clerk);
}

/**
 * The clerk on duty taps again: the service ends under the invitation rule and the duty with it. A call that waited is dropped,
 * since nobody is left to serve it. A second tap meanwhile changes nothing: readers read twice, and who has gone must not stay
 * on duty.
 */
function tapOut(turn: Turn): void {
  const { service } = turn.state;
  if (service === null) endDuty(turn, 'badge');
  else moveOn(turn, service, { badgeOff: true, next: null });
}

/**
 * Another badge: the first duty ends now and the new one begins now. A running service goes on, its invitation too, and stays
 * the first clerk's; the new clerk's `next` or `end` ends it under the same rule. If the first clerk had tapped out already and
 * an invitation held that up, the service still ends with the invitation.
 */
function takeOver(turn: Turn, clerk: string): void {
  const { waiting } = turn.state;
  endDuty(turn, waiting?.badgeOff ? 'badge' : 'other-badge');
  change(turn, { waiting: waiting && { ...waiting, badgeOff: false } });
  startDuty(turn, clerk);
}
