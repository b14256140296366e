import type { Polarity } from '@manyi/config/levels';
import { lateRatingWithinMs } from '@manyi/config/limits';
import { type ProfileId, polarityOf } from '@manyi/config/profiles';
import type { RecordingPolicy } from '@manyi/config/recordings';
import type { OpenService, State } from '../../service/state.ts';

/** Whether a clip is kept: decided when it is finished and its service can no longer be rated, so that nothing at the counter tells. */

/** What the customer said, as far as a clip's fate goes by it. `unknown`: something, but a crash has swallowed what. */
export type Rated = Polarity | 'unknown';

export interface Deciding {
  readonly service: string | null;
  readonly keep: RecordingPolicy['keep'];
  /** Null as long as nobody has rated. */
  readonly rated: Rated | null;
  /** From when on nobody can rate the service any more (epoch milliseconds, the agent's own time); null while it is open. */
  readonly closes: number | null;
}

export function decide({ keep, rated, closes }: Deciding, now: number): 'keep' | 'discard' | 'wait' {
  if (keep === 'all') return 'keep';
  if (rated !== null) return rated === 'good' ? 'discard' : 'keep';
  return closes !== null && closes <= now ? 'discard' : 'wait';
}

/** When a service that ended at an instant can no longer be rated. */
export function closesAfter(endedAt: number): number {
  return endedAt + lateRatingWithinMs;
}

/** What is to be thought of a clip that a restart finds undecided, from what the rules remembered at that time. */
export function recollect(clip: Deciding, state: State, now: number): Pick<Deciding, 'rated' | 'closes'> {
  const { service, repeats, unrated } = state;
  const { rated, closes } = clip;
  if (rated !== null) return { rated, closes };
  if (service?.place.service === clip.service) return { rated: ratedIn(service), closes: null };
  if (repeats !== null && repeats.owner.service === clip.service) return { rated: 'unknown', closes };
  const still = unrated !== null && unrated.place.service === clip.service;
  return { rated, closes: closes ?? (still ? closesAfter(unrated.endedAt) : now) };
}

/** How a service that is open was rated, as the rules remember it. */
export function ratedIn({ rated, level, place }: OpenService): Rated | null {
  if (!rated) return null;
  return level === null ? 'unknown' : ratedBy(place.profile, level);
}

/** Whether a level is good, neutral or bad; one that the profile does not have counts as one that was lost. */
export function ratedBy(profile: ProfileId, level: string): Rated {
  return polarityOf(profile, level) ?? 'unknown';
}
