import type { RecordingPolicy } from '@manyi/config/recordings';
import type { SiteMode } from '@manyi/config/terminal-settings';

/**
 * What is to be recorded, as a pure table: what the rules of rating have told, and what comes of it. Instants are epoch milliseconds by the
 * agent's own time. Nothing here depends on which level was given.
 */

/** Whose a clip is. */
export interface Owner {
  readonly service: string | null;
  readonly duty: string | null;
  readonly clerk: string | null;
  readonly counter: string | null;
}

export interface Plan {
  readonly policy: RecordingPolicy;
  readonly mode: SiteMode;
}

export type Happening =
  | { readonly type: 'plan'; readonly plan: Plan; readonly at: number }
  | { readonly type: 'started'; readonly owner: Owner; readonly at: number }
  | { readonly type: 'rated'; readonly owner: Owner; readonly unprompted: boolean; readonly at: number }
  | { readonly type: 'ended'; readonly service: string; readonly at: number };

/** What is to be done: record a span of time from `from` (it may lie in the past) to `until`, or to whenever `end` says. */
export type Order =
  | {
      readonly order: 'begin';
      readonly owner: Owner;
      readonly from: number;
      readonly until: number | null;
      readonly pressedAt: number | null;
    }
  /** The press in the span that is being recorded. */
  | { readonly order: 'press'; readonly at: number }
  /** The span that is being recorded ends then, unless it has ended before. */
  | { readonly order: 'end'; readonly at: number };

export interface Standing {
  readonly plan: Plan;
  /** The service that is open. */
  readonly service: Owner | null;
  /** Whose span is being recorded, or was last. */
  readonly recording: Owner | null;
  /** Since when whoever stands here has stood here, as far as one knows: what was said before is another customer's. */
  readonly since: number;
  /** When the last service ended. */
  readonly ended: number;
}

/** Before anything has happened; a service may be open from before a restart. */
export function standing(plan: Plan, service: Owner | null): Standing {
  return { plan, service, recording: null, since: Number.NEGATIVE_INFINITY, ended: Number.NEGATIVE_INFINITY };
}

/** What is recorded at such a site: at a continuous one a service is its press, and there is no whole of it. */
function recorded({ policy, mode }: Plan): RecordingPolicy['record'] {
  return policy.record === 'service' && mode === 'continuous' ? 'around-rating' : policy.record;
}

/** How long before now sound may still be needed, in milliseconds; null where nothing is recorded at all. */
export function reachMs(plan: Plan): number | null {
  const record = recorded(plan);
  if (record === 'off') return null;
  return record === 'around-rating' ? plan.policy.beforeSeconds * 1000 : 0;
}

interface Step {
  readonly state: Standing;
  readonly orders: readonly Order[];
}

/** What a happening makes of it. */
export function step(state: Standing, happening: Happening): Step {
  switch (happening.type) {
    case 'plan':
      return planned(state, happening.plan, happening.at);
    case 'started':
      return started(state, happening.owner, happening.at);
    case 'rated':
      return rated(state, happening);
    case 'ended':
      return ended(state, happening.service, happening.at);
    default:
      return happening satisfies never;
  }
}

/** Another plan begins now: of a service that is open the rest is recorded. */
function planned(state: Standing, plan: Plan, at: number): Step {
  const rest = recorded(plan) === 'service' ? state.service : null;
  return {
    state: { ...state, plan, recording: rest },
    orders: [...end(state, at), ...(rest === null ? [] : [begin(rest, at)])],
  };
}

/** The next customer has come: whatever is being recorded ends. */
function started(state: Standing, owner: Owner, at: number): Step {
  const whole = recorded(state.plan) === 'service';
  // Where nobody calls, a service begins when its customer has long been talking.
  const since = state.plan.mode === 'called' ? at : state.since;
  return {
    state: { ...state, service: owner, recording: whole ? owner : null, since },
    orders: [...end(state, at), ...(whole ? [begin(owner, at)] : [])],
  };
}

function rated(state: Standing, { owner, unprompted, at }: Extract<Happening, { type: 'rated' }>): Step {
  const { plan, recording } = state;
  // An unprompted press comes after the last service, and is nobody's who was served in it.
  const since = unprompted ? Math.max(state.since, state.ended) : state.since;
  const after = { ...state, since: Math.max(since, at) };
  if (recorded(plan) === 'around-rating') {
    const { beforeSeconds, afterSeconds } = plan.policy;
    const from = Math.max(at - beforeSeconds * 1000, since);
    const span = { ...begin(owner, from), until: at + afterSeconds * 1000, pressedAt: at };
    return { state: { ...after, recording: owner }, orders: [...end(state, at), span] };
  }
  const inside = recording !== null && recording.service === owner.service;
  return { state: after, orders: inside ? [{ order: 'press', at }] : [] };
}

/** The service is over. What stands around a rating goes on. */
function ended(state: Standing, service: string, at: number): Step {
  const whole = recorded(state.plan) === 'service' && state.recording?.service === service;
  return {
    state: {
      ...state,
      service: state.service?.service === service ? null : state.service,
      recording: whole ? null : state.recording,
      ended: at,
    },
    orders: whole ? end(state, at) : [],
  };
}

function begin(owner: Owner, from: number): Extract<Order, { order: 'begin' }> {
  return { order: 'begin', owner, from, until: null, pressedAt: null };
}

function end({ recording }: Standing, at: number): Order[] {
  return recording === null ? [] : [{ order: 'end', at }];
}
