import { badge, clerkKey, end, next } from './clerk.ts';
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

type InputOf<T extends Input['type']> = Extract<Input, { type: T }>;

/** One row an input; the reasons stand at the functions. */
const table: { readonly [T in Input['type']]: (turn: Turn, input: InputOf<T>) => void } = {
  badge: (turn, { clerk }) => badge(turn, clerk),
  next: (turn, { ticket, business }) => next(turn, { ticket, business }),
  'clerk-key': clerkKey,
  invite,
  end,
  pause: (turn, { reason }) => pause(turn, reason),
  resume,
  press: (turn, { level }) => press(turn, level),
  'two-faces': (turn, { levels }) => twoFaces(turn, levels),
  'not-now': (turn) => (turn.state.page === null ? notNow(turn) : skipReason(turn)),
  reason: (turn, { reason }) => giveReason(turn, reason),
  tick: () => {},
  restart: (turn, { lastKnown, awayMs }) => restart(turn, lastKnown, awayMs),
};

function apply<T extends Input['type']>(turn: Turn, input: InputOf<T> & { type: T }): void {
  table[input.type](turn, input);
}
