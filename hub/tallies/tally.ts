import type { SetAsideWhy } from '@manyi/config/api';
import type { InvitedBy, Outcome } from '@manyi/config/events';
import { levelIndex, type ProfileId } from '@manyi/config/profiles';

/**
 * What is counted, and where. A service counts once: in the bucket of its rating, else of its end. Everything here follows from
 * what the service has come to, never from the order in which its events arrived; `contribution` is the only place that counts.
 */

/** What a service has come to, as the `services` table keeps it. Times are epoch milliseconds; '' is no clerk. */
export interface ServiceState {
  readonly service: string;
  readonly site: string;
  readonly terminal: string;
  readonly counter: string;
  readonly clerk: string;
  readonly duty: string | null;
  readonly profile: ProfileId;
  /** Whether the site called its customers then. */
  readonly called: boolean;
  readonly started: number | null;
  readonly ended: number | null;
  readonly outcome: Outcome | null;
  readonly invitedBy: InvitedBy | null;
  readonly level: string | null;
  /** Pressed before any invitation. */
  readonly pressedUninvited: boolean;
  readonly unprompted: boolean;
  /** Why the rating was set aside; null where it was not. */
  readonly setAside: SetAsideWhy | null;
  readonly reason: string | null;
  /** The instant whose buckets it counts in; null while it counts nowhere. */
  readonly countedAt: number | null;
  readonly ratingPosition: number | null;
}

/** The columns of a tally, in the order of the table. */
export const countNames = [
  'level_1',
  'level_2',
  'level_3',
  'level_4',
  'level_5',
  'rated',
  'services',
  'unprompted',
  'expired',
  'withheld',
  'declined',
  'interrupted',
  'opportunities',
  'answered',
  'not_invited',
] as const;
export type CountName = (typeof countNames)[number];
export type Counts = Readonly<Partial<Record<CountName, number>>>;

/** What one service adds to the tallies of the buckets that hold `at`. */
export interface Contribution {
  readonly at: number;
  readonly site: string;
  readonly clerk: string;
  readonly counter: string;
  readonly profile: ProfileId;
  readonly counts: Counts;
}

/**
 * What the service adds to the tallies as it stands now; null while it has neither a rating nor an end, and where its rating was set
 * aside. One that was not the clerk's fault counts for no clerk.
 */
export function contribution(state: ServiceState): Contribution | null {
  const { countedAt: at, setAside, site, counter, profile } = state;
  if (at === null || (setAside !== null && setAside !== 'not-the-clerk')) return null;
  const clerk = setAside === null ? state.clerk : '';
  return { at, site, clerk, counter, profile, counts: counted(state) };
}

function counted(state: ServiceState): Counts {
  if (state.unprompted) return { unprompted: 1 };
  if (state.level !== null) return ratedCounts(state, state.level);
  if (state.outcome === 'interrupted') return { services: 1, interrupted: 1 };
  // The end says `rated`, but the rating has not arrived: a service, of which participation is not known yet.
  if (state.outcome === 'rated' || state.outcome === null) return { services: 1 };
  return { services: 1, [state.outcome]: 1, ...opportunity(state, false), ...notInvited(state) };
}

function ratedCounts(state: ServiceState, level: string): Counts {
  const place = levelIndex(state.profile, level) + 1;
  return {
    [`level_${place}`]: 1,
    rated: 1,
    services: 1,
    ...opportunity(state, true),
    ...notInvited(state),
  };
}

/** Only where customers are called is it known who could have rated. */
function opportunity(state: ServiceState, answered: boolean): Counts {
  if (!state.called) return {};
  return answered ? { opportunities: 1, answered: 1 } : { opportunities: 1 };
}

/** Ended without the clerk's own invitation or a press before it. An interrupted service is the machine's fault and never counts. */
function notInvited(state: ServiceState): Counts {
  const automatic = state.outcome === 'withheld' || state.invitedBy === 'automatic';
  return automatic && !state.pressedUninvited ? { not_invited: 1 } : {};
}
