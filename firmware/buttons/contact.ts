/**
 * One contact freed from bounce. Closed for 4 ms without a break is a press, so that a press of 15 ms counts even when its
 * contact bounces for 5 ms at either end, and interference shorter than that does not. It can be pressed anew only after it was
 * open for 10 ms without a break, so that the bounce of letting go is no second press. Milliseconds on any running clock.
 */
export const closedMs = 4;
export const openMs = 10;

export interface ContactState {
  /** What the last edge said, and when it came. */
  readonly closed: boolean;
  readonly since: number;
  /** Whether the key counts as down. */
  readonly down: boolean;
}

export const openContact: ContactState = { closed: false, since: Number.NEGATIVE_INFINITY, down: false };

export interface ContactStep {
  readonly state: ContactState;
  /** When the press began that has become certain; null when none has. */
  readonly pressedAt: number | null;
}

/** When `settle` will next have something to say; null when only an edge can change anything. */
export function dueAt({ closed, down, since }: ContactState): number | null {
  if (closed === down) return null;
  return since + (closed ? closedMs : openMs);
}

/** What has become certain by `now`, provided that no edge has come since the last one told. */
export function settle(state: ContactState, now: number): ContactStep {
  const due = dueAt(state);
  if (due === null || now < due) return { state, pressedAt: null };
  return { state: { ...state, down: state.closed }, pressedAt: state.closed ? state.since : null };
}

/** What one more edge means. An edge to where the contact is already says that both of a pair were too quick to be read. */
export function edge(state: ContactState, closed: boolean, at: number): ContactStep {
  const settled = settle(state, at);
  return { state: { ...settled.state, closed, since: at }, pressedAt: settled.pressedAt };
}

/** How late an edge may be told: so long nothing is taken for certain. */
const lateMs = 2;

/** A contact at work. */
export interface Contact {
  /** How the contact stands when it is first looked at: that is no press. */
  begin(closed: boolean): void;
  edge(closed: boolean, at: number): void;
  close(): void;
}

/** A contact on the clock `now`; `pressed` hears when a press began, as soon as it is certain. */
export function createContact(now: () => number, pressed: (at: number) => void): Contact {
  let state = openContact;
  let timer: NodeJS.Timeout | undefined;
  function take(step: ContactStep): void {
    state = step.state;
    if (step.pressedAt !== null) pressed(step.pressedAt);
    clearTimeout(timer);
    const due = dueAt(state);
    if (due !== null) timer = setTimeout(look, Math.max(1, Math.ceil(due + lateMs - now())));
  }
  // After a stall the timer comes before edges that wait to be read: those go first.
  const look = () => setImmediate(() => take(settle(state, now() - lateMs)));
  return {
    begin(closed) {
      clearTimeout(timer);
      state = { closed, since: now(), down: closed };
    },
    edge: (closed, at) => take(edge(state, closed, at)),
    close() {
      clearTimeout(timer);
      pressed = () => {};
    },
  };
}
