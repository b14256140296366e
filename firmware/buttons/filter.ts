import { twoFacesWithinMs } from '@manyi/config/limits';

/** A face that may still turn out to be one of two, and until when; and when the panel was last mashed. Milliseconds. */
export interface FilterState {
  readonly pending: { readonly level: string; readonly until: number } | null;
  /** The last edge of every face, for its contacts' bounce. */
  readonly edges: Readonly<Record<string, number>>;
  /** The newest face of a two-faces press; others within the limit belong to the same grab at the panel. */
  readonly jammedAt: number | null;
}

/** A face that went down is a press at once. Then either it stands, or a second face makes the two of them no answer. */
export type Filtered =
  | { readonly type: 'press'; readonly level: string; readonly at: number }
  | { readonly type: 'stands' }
  | { readonly type: 'two-faces'; readonly levels: readonly string[]; readonly at: number };

export const untouched: FilterState = { pending: null, edges: {}, jammedAt: null };

/**
 * What one more edge means. A face within 50 ms of its own last edge is contact bounce. Two different faces within 50 ms
 * are no answer, and neither counts: the press of the first is taken back. A third is told as one more of the same grab.
 */
export function edge(state: FilterState, level: string, at: number): { state: FilterState; out: Filtered[] } {
  const last = state.edges[level];
  const edges = { ...state.edges, [level]: at };
  if (last !== undefined && at - last <= twoFacesWithinMs) return { state: { ...state, edges }, out: [] };
  const settled = settle(state, at);
  const { pending, jammedAt } = settled.state;
  if (pending !== null) {
    const two: Filtered = { type: 'two-faces', levels: [pending.level, level], at };
    return { state: { pending: null, edges, jammedAt: at }, out: [...settled.out, two] };
  }
  if (jammedAt !== null && at - jammedAt <= twoFacesWithinMs) {
    const more: Filtered = { type: 'two-faces', levels: [level], at };
    return { state: { pending: null, edges, jammedAt: at }, out: [...settled.out, more] };
  }
  const press: Filtered = { type: 'press', level, at };
  const pendingNow = { level, until: at + twoFacesWithinMs };
  return { state: { pending: pendingNow, edges, jammedAt: null }, out: [...settled.out, press] };
}

/** The press of the pending face stands once more than 50 ms have passed and no other face has come. */
export function settle(state: FilterState, now: number): { state: FilterState; out: Filtered[] } {
  const { pending } = state;
  if (pending === null || now <= pending.until) return { state, out: [] };
  return { state: { ...state, pending: null }, out: [{ type: 'stands' }] };
}

/** The filter at work: `edge` for every edge of panel and screen alike, answers to the listener. */
export interface PressFilter {
  edge(level: string, at: number): void;
  /** A press that may still be taken back stands. */
  close(): void;
}

/**
 * Presses of one customer's panel, freed from bounce and from two faces at once. While a press is being kept the program may see
 * nothing else, so the 50 ms for a second face begin anew when the listener is done with it.
 */
export function createPressFilter(listener: (filtered: Filtered) => Promise<void>): PressFilter {
  let state = untouched;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function take(step: { state: FilterState; out: Filtered[] }): void {
    state = step.state;
    for (const filtered of step.out) {
      const done = listener(filtered);
      if (filtered.type === 'press') void done.catch(() => {}).then(seesAgain);
    }
  }

  function seesAgain(): void {
    if (state.pending === null || closed) return;
    state = { ...state, pending: { ...state.pending, until: performance.now() + twoFacesWithinMs } };
    wait();
  }

  /** No clock is read: only the time that was waited out makes a press stand, after every edge that came meanwhile. */
  function wait(): void {
    clearTimeout(timer);
    timer = setTimeout(() => setImmediate(stand), twoFacesWithinMs + 1);
  }

  function stand(): void {
    if (!closed) take(settle(state, Number.POSITIVE_INFINITY));
  }

  return {
    edge(level, at) {
      take(edge(state, level, at));
      if (state.pending) wait();
      else clearTimeout(timer);
    },
    close() {
      stand();
      closed = true;
      clearTimeout(timer);
    },
  };
}
