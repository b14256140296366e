import { closeInvitation } from './invitation.ts';
import { closeSum, sumCloses } from './quiet.ts';
import type { State } from './state.ts';
import { change, type Turn } from './turn.ts';

/** What happens by itself, when its time has come. */

/** Does everything that is due, however late. */
export function catchUp(turn: Turn): void {
  const { service } = turn.state;
  if (service !== null && isDue(turn, service.closes)) closeInvitation(turn, service);
  if (isDue(turn, turn.state.page?.until ?? null)) change(turn, { page: null });
  if (isDue(turn, turn.state.asksAgainUntil)) change(turn, { asksAgainUntil: null });
  if (isDue(turn, sumCloses(turn, 'repeats'))) closeSum(turn, 'repeats');
  if (isDue(turn, sumCloses(turn, 'twoFaces'))) closeSum(turn, 'twoFaces');
}

function isDue(turn: Turn, at: number | null): boolean {
  return at !== null && at <= turn.now;
}

/** When a `tick` is due (epoch milliseconds), later than the step that led to the state; null when only an input can change anything. */
export function nextTick(state: State): number | null {
  const times = [
    state.service?.closes ?? null,
    state.page?.until ?? null,
    state.asksAgainUntil,
    sumCloses({ state }, 'repeats'),
    sumCloses({ state }, 'twoFaces'),
  ].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}
