import type { InvitedBy } from '@manyi/config/events';
import { closeSum } from './quiet.ts';
import { endAndGoOn, startService } from './run.ts';
import type { OpenService, Waiting } from './state.ts';
import { change, signal, type Turn } from './turn.ts';

/** The invitation: asking for a rating, and the time in which the answer is awaited. */

/**
 * Opens an invitation in full. Whoever is asked is heard, so the quiet after an earlier rating ends here, and the earlier
 * customer's page gives way.
 */
export function openInvitation(turn: Turn, service: OpenService, by: InvitedBy): void {
  if (turn.state.repeats?.owner.service !== service.place.service) closeSum(turn, 'repeats');
  const closes = turn.now + turn.rules.invitationMs;
  change(turn, {
    service: { ...service, invited: { by, opened: turn.now }, closes },
    asksAgainUntil: null,
    page: null,
  });
  signal(turn, 'ask');
}

/**
 * The clerk invites. It does nothing when there is an answer already ("not now" is one), or when an invitation is open: an
 * automatic one stays automatic, since the clerk did not invite before moving on. After one that closed unanswered the clerk
 * may ask again. In a continuous site it opens a service where none is open; in a called one services start with `next`.
 */
export function invite(turn: Turn): void {
  const service = turn.state.service ?? serviceByInvitation(turn);
  if (service === null || service.rated || service.declined || service.closes !== null) return;
  openInvitation(turn, service, 'clerk');
}

function serviceByInvitation(turn: Turn): OpenService | null {
  if (turn.rules.mode === 'called') return null;
  return startService(turn, 'invite', { ticket: null, business: null });
}

/** The customer's own "not now": the invitation closes. The panel stays live, and a press after all is a rating. */
export function notNow(turn: Turn): void {
  const { service } = turn.state;
  if (service === null || service.closes === null) return;
  closeInvitation(turn, { ...service, declined: true });
}

/**
 * The invitation closes. The service ends with it if somebody waits to move on, or in a continuous site; else the clerk still
 * serves, and it ends when the clerk moves on.
 */
export function closeInvitation(turn: Turn, service: OpenService): void {
  const closed = { ...service, closes: null };
  change(turn, { service: closed });
  if (turn.state.waiting !== null || turn.rules.mode === 'continuous') endAndGoOn(turn, closed);
}

/**
 * Nobody can move on past an invitation: one that is open runs out first, and a service neither rated nor invited gets an
 * automatic one. Otherwise the service ends at once.
 */
export function moveOn(turn: Turn, service: OpenService, waiting: Waiting): void {
  change(turn, { waiting });
  if (service.closes !== null) return;
  if (service.rated || service.invited !== null) endAndGoOn(turn, service);
  else openInvitation(turn, service, 'automatic');
}
