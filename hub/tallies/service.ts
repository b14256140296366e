import type { SetAsideWhy } from '@manyi/config/api';
import type { EventData, Outcome } from '@manyi/config/events';
import { isProfileId, type ProfileId } from '@manyi/config/profiles';
import type { ServiceState } from './tally.ts';

/** What the ledger says beside an event's data: where it counts, resolved by the hub. '' is no clerk. */
export interface Place {
  readonly position: number;
  readonly time: number;
  readonly site: string;
  readonly terminal: string;
  readonly counter: string;
  readonly clerk: string;
  readonly called: boolean;
}

/** The decision of a user that takes a rating out of a score, and the one that takes it back in. */
export const ratingSetAside = 'manyi.rating.set-aside.v1';
export const ratingRestored = 'manyi.rating.restored.v1';

/** The events and decisions that change what a service has come to. */
export type ServiceEvent =
  | { readonly type: typeof ratingSetAside; readonly data: { readonly service: string; readonly why: SetAsideWhy } }
  | { readonly type: typeof ratingRestored; readonly data: { readonly service: string } }
  | { readonly type: 'manyi.service.started.v1'; readonly data: EventData<'manyi.service.started.v1'> }
  | { readonly type: 'manyi.service.ended.v1'; readonly data: EventData<'manyi.service.ended.v1'> }
  | { readonly type: 'manyi.rating.given.v1'; readonly data: EventData<'manyi.rating.given.v1'> }
  | { readonly type: 'manyi.reason.given.v1'; readonly data: EventData<'manyi.reason.given.v1'> };

const serviceEvents: ReadonlySet<string> = new Set<ServiceEvent['type']>([
  'manyi.service.started.v1',
  'manyi.service.ended.v1',
  'manyi.rating.given.v1',
  'manyi.reason.given.v1',
  ratingSetAside,
  ratingRestored,
]);

/** Whether the event changes what a service has come to. */
export function isServiceEvent(event: { readonly type: string; readonly data: unknown }): event is ServiceEvent {
  return serviceEvents.has(event.type);
}

/**
 * The service after one more event. The order of different events does not matter: the rating decides where the service counts and
 * for whom, else its end, else its start. Of two events of one type the first in the ledger stands; a second rating is a repeat and
 * changes nothing. Of decisions the latest stands.
 */
export function fold(before: ServiceState | undefined, event: ServiceEvent, place: Place): ServiceState {
  const state = before ?? fresh(event.data.service, place);
  switch (event.type) {
    case 'manyi.rating.given.v1':
      return state.level === null ? rated(state, event.data, place) : state;
    case 'manyi.service.ended.v1':
      return state.ended === null ? ended(state, event.data, place) : state;
    case 'manyi.service.started.v1':
      return started(state, event.data, place);
    case 'manyi.reason.given.v1':
      return { ...state, reason: state.reason ?? event.data.reason };
    case ratingSetAside:
      return { ...state, setAside: event.data.why };
    case ratingRestored:
      return { ...state, setAside: null };
  }
}

function rated(state: ServiceState, data: EventData<'manyi.rating.given.v1'>, place: Place): ServiceState {
  return {
    ...attributed(state, place, data.duty, data.profile),
    started: earlier(state.started, data.startedAt),
    level: data.level,
    outcome: 'rated',
    invitedBy: data.invitedBy,
    pressedUninvited: data.invitedBy === null,
    unprompted: data.unprompted,
    countedAt: place.time,
    ratingPosition: place.position,
  };
}

function ended(state: ServiceState, data: EventData<'manyi.service.ended.v1'>, place: Place): ServiceState {
  const known = { ended: place.time, started: earlier(state.started, data.startedAt) };
  if (state.level !== null) return { ...state, ...known };
  return {
    ...attributed(state, place, data.duty, data.profile),
    ...known,
    outcome: data.outcome,
    invitedBy: data.invitedBy,
    pressedUninvited: pressedBefore(data.outcome, data.invitedBy),
    countedAt: place.time,
  };
}

function started(state: ServiceState, data: EventData<'manyi.service.started.v1'>, place: Place): ServiceState {
  const at = Math.min(place.time, earlier(state.started, data.startedAt) ?? place.time);
  if (state.level !== null || state.ended !== null) return { ...state, started: at };
  return { ...attributed(state, place, data.duty, data.profile), started: at };
}

/** "Not now" without an invitation is a press of the customer's own. */
function pressedBefore(outcome: Outcome, invitedBy: string | null): boolean {
  return outcome === 'declined' && invitedBy === null;
}

function attributed(state: ServiceState, place: Place, duty: string | null, profile: ProfileId): ServiceState {
  const { site, terminal, counter, clerk, called } = place;
  return { ...state, site, terminal, counter, clerk, called, duty, profile };
}

function earlier(known: number | null, text: string | null): number | null {
  if (text === null) return known;
  const at = Date.parse(text);
  return known === null ? at : Math.min(known, at);
}

function fresh(service: string, place: Place): ServiceState {
  return {
    service,
    site: place.site,
    terminal: place.terminal,
    counter: place.counter,
    clerk: place.clerk,
    duty: null,
    profile: 'four-key',
    called: place.called,
    started: null,
    ended: null,
    outcome: null,
    invitedBy: null,
    level: null,
    pressedUninvited: false,
    unprompted: false,
    setAside: null,
    reason: null,
    countedAt: null,
    ratingPosition: null,
  };
}

/** Reads a profile back from a table; the default where an older hub knew another. */
export function profileFrom(text: string): ProfileId {
  return isProfileId(text) ? text : 'four-key';
}
