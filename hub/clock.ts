/** The hub's time. Handed in, so that a rehearsed day can run faster than a real one. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
