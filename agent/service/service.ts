import { badge, end, next } from './clerk.ts';
import { pause, resume } from './duty.ts';
import type { Effect } from './effects.ts';
import type { Input, Rules } from './inputs.ts';
import { invite, notNow } from './invitation.ts';
import { press, twoFaces } from './press.ts';
import { giveReason, skipReason } from './reason.ts';
import { restart } from './restart.ts';
import type { State } from './state.ts';
import { catchUp } from './time.ts';
import type { Turn } from './turn.ts';

export { nextTick } from './time.ts';

/**
 * The rules of rating: what an input makes of a state, and what is to be done about it. Pure but for `rules.newId`; never throws
 * for any state and input. `now` is epoch milliseconds and must not run backwards but for a `restart`. Records come first
 * among the effects, so that everything a customer sees follows the commit.
 */
export function step(state: State, input: Input, now: number, rules: Rules): { state: State; effects: Effect[] } {
  const turn: Turn = { state, now, rules, at: null, records: [], signals: [] };
  if (input.type !== 'restart') catchUp(turn);
  apply(turn, input);
  catchUp(turn);
  return { state: turn.state, effects: [...turn.records, ...turn.signals] };
}

/** One row an input; the reasons stand at the functions. */
function apply(turn: Turn, input: Input): void {
  switch (input.type) {
    case 'badge':
      return badge(turn, input.clerk);
    case 'next':
      return next(turn, { ticket: input.ticket, business: input.business });
    case 'invite':
      return invite(turn);
    case 'end':
      return end(turn);
    case 'pause':
      return pause(turn, input.reason);
    case 'resume':
      return resume(turn);
    case 'press':
      return press(turn, input.level);
    case 'two-faces':
      return twoFaces(turn, input.levels);
    case 'not-now':
      return turn.state.page === null ? notNow(turn) : skipReason(turn);
    case 'reason':
      return giveReason(turn, input.reason);
    case 'tick':
      return;
    case 'restart':
      return restart(turn, input.lastKnown);
    default:
      return input satisfies never;
  }
}
