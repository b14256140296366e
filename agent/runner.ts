import type { EventType } from '@manyi/config/events';
import { resumeWithinMs } from '@manyi/config/limits';
import type { Clock } from './clock.ts';
import type { Correction } from './outbox/boots.ts';
import type { Change, NewEvent, Outbox } from './outbox/outbox.ts';
import type { Effect } from './service/effects.ts';
import type { Input, Rules } from './service/inputs.ts';
import { nextTick, step } from './service/service.ts';
import { initialState, readState, type State } from './service/state.ts';

/** An input, and the command that asked for it. */
export interface Taken {
  readonly input: Input;
  /** When it happened, by the agent's own time; now unless given. */
  readonly at?: number;
  readonly command?: { readonly id: string; readonly expires: number };
}

/**
 * Carries inputs through the rules one at a time: now, step, commit, and only then what people see. A press is kept and seen at once;
 * as long as a second face may take it back, nothing is sent and every other input waits.
 */
export interface Runner {
  readonly state: () => State;
  /**
   * Takes an input, or the way to one (a badge is looked up first), after every press that came before it; what comes later waits
   * for it. Resolves when its events are on the disk; rejects with nothing changed when they are not.
   */
  run(taken: Taken | (() => Taken | null | Promise<Taken | null>)): Promise<void>;
  /** Takes a face that went down. What it comes to may be taken back until it `stands`. */
  press(taken: Taken & { readonly at: number }): Promise<void>;
  /** No second face has come. */
  stands(): Promise<void>;
  /** A second face has come: the press before it was none. */
  twoFaces(taken: Taken & { readonly at: number }): Promise<void>;
  /** The clock has been set. If that shows that a restart took too long, what it went on with ends after all, unless somebody has acted. */
  timeFound(): void;
  /** Records an event that the rules know nothing of; `at` is when it happened, by the agent's own time: now unless given. */
  record(type: EventType, data: Readonly<Record<string, unknown>>, at?: number): Promise<void>;
  /** Resolves when everything taken so far is done. */
  close(): Promise<void>;
}

export interface RunnerParts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly rules: () => Rules;
  /** The correction that events leave with when they leave at once; null when they have to wait. */
  readonly leaving: () => Correction | null;
  /** Resolves when no press can be taken back any more: what happened after a press must not overtake it. */
  readonly settled: () => Promise<void>;
  /** Everything is on the disk: thank, light, show. */
  readonly onCommitted: (effects: readonly Effect[]) => void;
  /** And it will not be taken back: say, send. It happened at `at`, by the agent's own time, and what has an `at` of its own then. */
  readonly onStanding: (effects: readonly Effect[], at: number) => void;
  readonly onFailed: (error: unknown) => void;
}

/** After a failed commit of something that is due by itself, it is tried again after this time, in milliseconds. */
const retryMs = 1000;
/** The longest time that a timer can wait, in milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

/** Begins with the stored state. A run that continues another is told so by its first input, `restart`. */
export function createRunner(parts: RunnerParts): Runner {
  const { outbox, clock, rules, leaving, settled, onCommitted, onStanding, onFailed } = parts;
  const stored = outbox.state(readState);
  let state = stored ?? initialState;
  let tail: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  /** The rules' time never runs backwards. */
  let latest = Number.NEGATIVE_INFINITY;
  /** A restart that the disk has not taken yet: it goes before whatever comes next. */
  let owed: Taken | null = null;
  /** What a restart went on from and when, while nobody has acted since. */
  let resumed: { readonly lastKnown: number; readonly at: number } | null = null;
  /** What a press has changed while it may be taken back. */
  let pressed: { readonly before: State; readonly effects: readonly Effect[]; readonly at: number } | null = null;

  function commit(taken: Taken, how?: Change['how']): void {
    if (owed !== null) carryOut(owed);
    owed = null;
    carryOut(taken, how);
  }

  function carryOut({ input, at, command }: Taken, how?: Change['how']): void {
    const now = Math.max(latest, at ?? clock.now());
    latest = now;
    const before = how === 'takes-back' && pressed !== null && outbox.isProvisional() ? pressed.before : state;
    const result = step(before, input, now, rules());
    const events = result.effects.flatMap((effect): NewEvent[] =>
      effect.type === 'record' ? [{ type: effect.event, data: effect.data, at: effect.at }] : [],
    );
    if (result.state !== state || events.length > 0 || command) {
      outbox.commit({ state: result.state, events, now, command, leaving: leaving(), how });
    }
    if (input.type !== 'tick') resumed = resumedBy(input, now);
    pressed = how === 'provisional' ? { before, effects: result.effects, at: now } : null;
    state = result.state;
    schedule();
    onCommitted(result.effects);
    if (how !== 'provisional') onStanding(result.effects, now);
    if (input.type === 'restart') void timeFound();
  }

  function stand(): void {
    const { effects, at } = pressed ?? { effects: [], at: clock.now() };
    pressed = null;
    outbox.stand();
    onStanding(effects, at);
  }

  /** Where it cannot be taken back, because the disk takes nothing, the first face stands. */
  function takeBack(taken: Taken): void {
    try {
      commit(taken, 'takes-back');
    } catch (error) {
      stand();
      throw error;
    }
  }

  function schedule(leastMs = 0): void {
    clearTimeout(timer);
    const at = owed === null ? nextTick(state) : clock.now();
    if (at === null || closed) return;
    const delay = Math.min(Math.max(at - clock.now(), leastMs), longestTimerMs);
    timer = setTimeout(() => void tick(), delay);
  }

  async function tick(): Promise<void> {
    await run({ input: { type: 'tick' } }).catch(() => schedule(retryMs));
  }

  /** One after the other, each told of its own failure. */
  function queue(work: () => Promise<void> | void): Promise<void> {
    const done = tail.then(work).catch((error: unknown) => {
      onFailed(error);
      throw error;
    });
    tail = done.catch(() => {});
    return done;
  }

  async function run(taken: Taken | (() => Taken | null | Promise<Taken | null>)): Promise<void> {
    await settled();
    await queue(async () => {
      const found = typeof taken === 'function' ? await taken() : taken;
      if (found) commit(found);
    });
  }

  function restart(lastKnown: number, awayMs: number): void {
    owed = { input: { type: 'restart', lastKnown, awayMs } };
    void tick();
  }

  async function timeFound(): Promise<void> {
    await settled();
    const { lastTrue } = outbox;
    const correction = clock.correction();
    if (resumed === null || lastTrue === null || correction === null) return;
    const awayMs = resumed.at + correction.shiftMs - lastTrue;
    if (awayMs > resumeWithinMs) restart(resumed.lastKnown, awayMs);
  }

  if (stored) {
    const at = clock.now();
    const lastKnown = outbox.lastKnown ?? at;
    restart(lastKnown, at - lastKnown);
  }
  return {
    state: () => state,
    run,
    timeFound: () => void timeFound(),
    press: (taken) => queue(() => commit(taken, 'provisional')),
    stands: () => queue(stand),
    twoFaces: (taken) => queue(() => takeBack(taken)),
    async record(type, data, at) {
      await settled();
      await queue(() => {
        const now = clock.now();
        outbox.commit({ events: [{ type, data, at }], now, leaving: leaving() });
        onCommitted([]);
        onStanding([], now);
      });
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await settled();
      await tail;
    },
  };
}

/** What a restart soon enough goes on with may still turn out to have come too late; what anybody else does settles it. */
function resumedBy(input: Input, now: number): { readonly lastKnown: number; readonly at: number } | null {
  if (input.type !== 'restart' || input.awayMs > resumeWithinMs) return null;
  return { lastKnown: input.lastKnown, at: now };
}
