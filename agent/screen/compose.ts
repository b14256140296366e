import type { Words } from '@manyi/config/levels';
import { type Profile, profiles } from '@manyi/config/profiles';
import { reasons } from '@manyi/config/reasons';
import type { RosterClerk } from '@manyi/config/roster';
import type { Rules } from '../service/inputs.ts';
import type { View } from '../service/view.ts';
import type { Choice, Countdown, ScreenNotice, ScreenPhase, ScreenView } from './view.ts';

/** What the counter screen needs besides the view of the rules. Epoch milliseconds. */
export interface Surroundings {
  readonly rules: Rules;
  readonly now: number;
  /** What makes true time of `now`, in milliseconds. */
  readonly shiftMs: number;
  readonly timeZone: string;
  readonly counterName: string;
  readonly clerk: (id: string) => RosterClerk | null;
  readonly notice: ScreenNotice | null;
  readonly online: boolean;
  readonly listening: boolean;
  readonly recording: boolean;
}

/** The view of the rules with names, words and the time, for the counter screen. */
export function screenView(view: View, around: Surroundings): ScreenView {
  const { rules, now, shiftMs, timeZone, counterName, notice, online, listening, recording } = around;
  return {
    phase: phases[view.phase],
    now: now + shiftMs,
    timeZone,
    counter: counterName,
    clerk: view.clerk === null ? null : (around.clerk(view.clerk) ?? unlisted(view.clerk)),
    paused: view.paused,
    asksAgain: view.asksAgain,
    levels: choices(profiles[rules.profile]),
    countdown: countdown(view, rules, now),
    reasons: Object.entries<Words>(reasons).map(([name, words]) => ({ name, words })),
    notice,
    online,
    recording,
    listening,
    mayShowHeard: view.clerk !== null && (view.phase === 'idle' || view.phase === 'paused') && !view.asksAgain,
  };
}

const phases: Readonly<Record<View['phase'], ScreenPhase>> = {
  'no-clerk': 'no-clerk',
  idle: 'idle',
  serving: 'serving',
  paused: 'paused',
  inviting: 'invitation',
  reason: 'reason',
  thanks: 'thanks',
};

function choices({ levels }: Profile): Choice[] {
  return levels.map(({ name, words }) => ({ name, words }));
}

/** A clerk who is on duty but no longer in the roster is shown by number. */
function unlisted(id: string): RosterClerk {
  return { id, name: id, number: id, stars: null, photo: null };
}

/** What is left of the invitation or of the reason page. */
function countdown({ phase, until }: View, rules: Rules, now: number): Countdown | null {
  if (until === null || (phase !== 'inviting' && phase !== 'reason')) return null;
  const totalMs = phase === 'inviting' ? rules.invitationMs : rules.lockoutMs;
  return { closesInMs: Math.max(0, until - now), totalMs };
}

/** What somebody at the counter ought to know: a badge that is refused for want of a roster is not the badge's fault. */
export function noticeOf(known: {
  readonly stores: boolean;
  readonly enrolled: boolean;
  readonly refused: boolean;
  readonly rosterKnown: boolean;
}): ScreenNotice | null {
  if (!known.stores) return 'storage-failed';
  if (!known.enrolled) return 'not-enrolled';
  if (known.refused) return known.rosterKnown ? 'badge-refused' : 'roster-unknown';
  return null;
}
