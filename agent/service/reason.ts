import type { Reason } from '@manyi/config/reasons';
import type { Owner } from './state.ts';
import { change, record, type Turn } from './turn.ts';

/** The page after a rating. It knows no level, so that it is alike after every one. */

/** Thanks with the reasons to choose from, for as long as the panel would rest after a press. */
export function openPage(turn: Turn, owner: Owner): void {
  change(turn, { page: { owner, reasonOpen: true, until: turn.now + turn.rules.lockoutMs } });
}

/** The customer chose a reason: it is told once, for the service that was rated, and the page turns to thanks. */
export function giveReason(turn: Turn, reason: Reason): void {
  const { page } = turn.state;
  if (!page?.reasonOpen) return;
  record(turn, 'manyi.reason.given.v1', { ...page.owner, reason });
  turnToThanks(turn);
}

/** The customer gives none: the page turns to thanks. */
export function skipReason(turn: Turn): void {
  if (turn.state.page?.reasonOpen) turnToThanks(turn);
}

function turnToThanks(turn: Turn): void {
  const { page } = turn.state;
  change(turn, { page: page && { ...page, reasonOpen: false, until: turn.now + turn.rules.thanksMs } });
}
