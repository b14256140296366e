import { lateRatingWithinMs } from '@manyi/config/limits';
import { levelIndex } from '@manyi/config/profiles';
import { addRepeats, addTwoFaces, beginQuiet, ownerOnly } from './quiet.ts';
import { openPage } from './reason.ts';
import { endAndGoOn, endService, newPlace, startService } from './run.ts';
import type { Invited, OpenService, Place, Unrated } from './state.ts';
import { change, presentOwner, record, signal, type Turn } from './turn.ts';

/**
 * A press of a face: the first one counts, as the rating of whichever service it belongs to. A sum of repeats stands as long as
 * the rated service is open, or it has not been quiet after its rating; while it stands, a press is one of them.
 */

const noCall = { ticket: null, business: null };

/** One face. A level that the panel's profile does not have is no face at all. */
export function press(turn: Turn, level: string): void {
  if (levelIndex(turn.rules.profile, level) < 0) return;
  const { repeats } = turn.state;
  if (repeats === null) rate(turn, level);
  else addRepeats(turn, repeats, [level]);
}

/** Two faces within 50 ms, or one more of the same grab: none counts, and where a rating is still possible lamps and screen ask again. */
export function twoFaces(turn: Turn, levels: readonly string[]): void {
  const known = levels.filter((level) => levelIndex(turn.rules.profile, level) >= 0);
  const { repeats, service } = turn.state;
  if (repeats !== null) {
    addRepeats(turn, repeats, known);
    return;
  }
  const owner = service === null ? { service: null, ...presentOwner(turn) } : ownerOnly(service.place);
  addTwoFaces(turn, owner, known);
  change(turn, { asksAgainUntil: turn.now + turn.rules.lockoutMs });
}

function rate(turn: Turn, level: string): void {
  const { service } = turn.state;
  const late = service === null ? lateFor(turn) : null;
  if (service !== null) rateService(turn, service, level);
  else if (turn.rules.mode === 'continuous') rateAsService(turn, level);
  else if (late !== null) rateLate(turn, late, level);
  else rateUnprompted(turn, level);
  signal(turn, 'thank');
}

/** During the whole service, invited or not. If somebody waits to move on, the answer lets them. */
function rateService(turn: Turn, service: OpenService, level: string): void {
  const rated = { ...service, rated: true, level, closes: null };
  given(turn, service.place, level, service.invited, false);
  change(turn, { service: rated });
  if (turn.state.waiting !== null || turn.rules.mode === 'continuous') endAndGoOn(turn, rated);
  answered(turn, service.place, 'repeat');
}

/** `continuous`: a press with no service open is a service and its rating. */
function rateAsService(turn: Turn, level: string): void {
  const service = startService(turn, 'press', noCall);
  given(turn, service.place, level, null, false);
  endService(turn, { ...service, rated: true, level }, 'rated');
  answered(turn, service.place, 'quiet-period');
}

/** `called`: a press soon after an unrated service, by who was its clerk's customer. */
function rateLate(turn: Turn, late: Unrated, level: string): void {
  given(turn, late.place, level, late.invited, false);
  change(turn, { unrated: null });
  answered(turn, late.place, 'repeat');
}

/** `called`: a press that belongs to no service. The rating has an id of its own, and neither start nor end. */
function rateUnprompted(turn: Turn, level: string): void {
  const place = newPlace(turn, noCall, null);
  given(turn, place, level, null, true);
  answered(turn, place, 'quiet-period');
}

/** The clerk's last service, if it ended unrated a short time ago and the same clerk (or still nobody) is on duty. */
function lateFor(turn: Turn): Unrated | null {
  const { unrated, duty } = turn.state;
  if (unrated === null || turn.rules.mode === 'continuous') return null;
  const soon = turn.now - unrated.endedAt <= lateRatingWithinMs;
  return soon && unrated.clerkAtEnd === (duty?.clerk ?? null) ? unrated : null;
}

function given(turn: Turn, place: Place, level: string, invited: Invited | null, unprompted: boolean): void {
  record(turn, 'manyi.rating.given.v1', {
    ...place,
    profile: turn.rules.profile,
    level,
    invitedBy: invited?.by ?? null,
    pressedAfterMs: invited === null ? null : Math.max(0, turn.now - invited.opened),
    unprompted,
  });
}

/** After every rating alike: the page, and presses that count no more. */
function answered(turn: Turn, place: Place, why: 'repeat' | 'quiet-period'): void {
  change(turn, { asksAgainUntil: null });
  openPage(turn, ownerOnly(place));
  beginQuiet(turn, ownerOnly(place), why);
}
