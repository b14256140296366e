import type { Effect } from '@manyi/agent/service/effects';
import type { Input, Rules } from '@manyi/agent/service/inputs';
import { nextTick, step } from '@manyi/agent/service/service';
import { initialState, readState, type State } from '@manyi/agent/service/state';
import { type View, view } from '@manyi/agent/service/view';
import { type EventType, eventData } from '@manyi/config/events';
import { toRfc3339 } from '@manyi/config/zone';

export const second = 1000;
export const minute = 60 * second;

type Field =
  | ('service' | 'duty' | 'clerk' | 'counter' | 'ticket' | 'level' | 'outcome' | 'unprompted')
  | ('startedBy' | 'endedBy' | 'why' | 'presses');
type Data = { readonly [F in Field]?: unknown };

/** An event as the ledger would get it: parsed by the treaty's own schema. */
export interface Told {
  readonly event: EventType;
  readonly data: Data;
  readonly at: number | undefined;
  readonly when: number;
}

/** A counter whose clock the test moves: inputs go in, ticks come when the state asks for them, events and signals are kept. */
export interface Counter {
  send(input: Input): Effect[];
  press(level?: string): Effect[];
  next(ticket?: string): Effect[];
  badge(clerk: string): Effect[];
  /** Lets time pass, with every tick at its time. */
  wait(ms: number): void;
  /** Lets time pass without any tick. */
  sleep(ms: number): void;
  /** The power fails for so long; the stored state comes back from its JSON. */
  fail(ms: number): Effect[];
  told(event: string): Data[];
  /** How every ended service came out, and the level of every rating. */
  outcomes(): unknown[];
  levels(): unknown[];
  readonly all: Told[];
  readonly signals: string[];
  readonly state: State;
  readonly view: View;
  readonly now: number;
  mode: Rules['mode'];
}

const morning = Date.parse('2026-11-22T09:00:00+08:00');

type Timings = Pick<Rules, 'invitationMs' | 'thanksMs' | 'lockoutMs'>;

const usual: Timings = { invitationMs: 20 * second, thanksMs: 3 * second, lockoutMs: 10 * second };

function rulesOf(mode: Rules['mode'], timings: Timings): Rules {
  let made = 0;
  return {
    mode,
    profile: 'four-key',
    counter: 'counter-1',
    ...timings,
    newId: () => `00000000-0000-7000-8000-${String(++made).padStart(12, '0')}`,
    writeInstant: (at) => toRfc3339(at, 'Asia/Shanghai'),
  };
}

export function createCounter(mode: Rules['mode'], startsAt = morning, timings = usual): Counter {
  let rules = rulesOf(mode, timings);
  let state = initialState;
  let now = startsAt;
  const all: Told[] = [];
  const signals: string[] = [];

  function send(input: Input): Effect[] {
    const result = step(state, input, now, rules);
    state = stored(result.state);
    for (const effect of result.effects) keep(effect);
    return result.effects;
  }

  function keep(effect: Effect): void {
    if (effect.type !== 'record') signals.push(effect.type);
    else all.push({ event: effect.event, data: parsed(effect, all.length + 1), at: effect.at, when: now });
  }

  const told = (event: string) => all.filter((one) => one.event === `manyi.${event}.v1`).map(({ data }) => data);

  function wait(ms: number): void {
    const until = now + ms;
    for (let due = nextTick(state); due !== null && due <= until; due = nextTick(state)) {
      now = Math.max(now, due);
      send({ type: 'tick' });
    }
    now = until;
  }

  return {
    send,
    press: (level = 'satisfied') => send({ type: 'press', level }),
    next: (ticket) => send({ type: 'next', ticket: ticket ?? null, business: null }),
    badge: (clerk) => send({ type: 'badge', clerk }),
    wait,
    sleep: (ms) => {
      now += ms;
    },
    fail: (ms) => {
      const lastKnown = now;
      now += ms;
      return send({ type: 'restart', lastKnown, awayMs: ms });
    },
    told,
    outcomes: () => told('service.ended').map((ended) => ended.outcome),
    levels: () => told('rating.given').map((given) => given.level),
    all,
    signals,
    get state() {
      return state;
    },
    get view() {
      return view(state);
    },
    get now() {
      return now;
    },
    get mode() {
      return rules.mode;
    },
    set mode(mode) {
      rules = { ...rules, mode };
    },
  };
}

/** The event's data as the hub would read it, once the outbox has added its own fields. */
function parsed(effect: Extract<Effect, { type: 'record' }>, seq: number): Data {
  const outbox = '00000000-0000-7000-9000-000000000000';
  const clock = { boot: outbox, uptimeMs: seq, synced: true };
  return eventData[effect.event].parse({ ...effect.data, outbox, seq, clock });
}

function stored(state: State): State {
  const back = readState(JSON.parse(JSON.stringify(state)));
  if (back === null) throw new Error('the state does not survive being stored');
  return back;
}
