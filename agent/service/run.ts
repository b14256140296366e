import type { Outcome } from '@manyi/config/events';
import { endDuty, resume } from './duty.ts';
import type { Call, OpenService, Place } from './state.ts';
import { change, presentOwner, record, type Turn } from './turn.ts';

/** The course of a service: its start, and its end with exactly one outcome. */

/** A new place for the present clerk, of a service or of a press that stands for one. */
export function newPlace(turn: Turn, call: Call, startedAt: string | null): Place {
  const service = turn.rules.newId();
  return { service, ...presentOwner(turn), profile: turn.rules.profile, ...call, startedAt };
}

/** A service begins. A clerk who calls or invites is not on a break, so a pause ends; whoever presses ends nobody's. */
export function startService(turn: Turn, startedBy: 'next' | 'invite' | 'press', call: Call): OpenService {
  if (startedBy !== 'press') resume(turn);
  const place = newPlace(turn, call, turn.rules.writeInstant(turn.now));
  const service: OpenService = { place, rated: false, level: null, declined: false, invited: null, closes: null };
  record(turn, 'manyi.service.started.v1', { ...place, startedBy });
  change(turn, { service, asksAgainUntil: null });
  return service;
}

/** How a service ends. The customer's own answers come first; silence is `expired` only where the clerk asked. */
export function outcomeOf(service: OpenService): Outcome {
  if (service.rated) return 'rated';
  if (service.declined) return 'declined';
  return service.invited?.by === 'clerk' ? 'expired' : 'withheld';
}

/** The service ends. Unless rated it is remembered, for a press that comes a little late. */
export function endService(turn: Turn, service: OpenService, outcome: Outcome): void {
  const { place, invited, rated } = service;
  record(turn, 'manyi.service.ended.v1', { ...place, outcome, invitedBy: invited?.by ?? null });
  const clerkAtEnd = turn.state.duty?.clerk ?? null;
  change(turn, {
    service: null,
    asksAgainUntil: null,
    unrated: rated ? null : { place, invited, endedAt: turn.now, clerkAtEnd },
  });
}

/** The service ends, and what waited for that happens: the badge-off, or the next service. */
export function endAndGoOn(turn: Turn, service: OpenService): void {
  const { waiting } = turn.state;
  endService(turn, service, outcomeOf(service));
  change(turn, { waiting: null });
  if (waiting?.badgeOff) endDuty(turn, 'badge');
  if (waiting?.next) startService(turn, 'next', waiting.next);
}
