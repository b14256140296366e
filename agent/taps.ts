/** A badge held before a reader is told again and again, and people tap twice. Milliseconds. */
const againWithinMs = 2_000;

/** Tells one showing of a badge from the next. */
export interface Taps {
  /** Whether the same code was told less than 2 s before, and so is no tap of its own. Asking counts as telling. */
  isAgain(code: string): boolean;
  /** Nothing came of the last one: whoever taps again may try again. */
  forget(): void;
}

export function createTaps(now: () => number): Taps {
  let last: { code: string; at: number } | null = null;
  return {
    isAgain(code) {
      const at = now();
      const again = last !== null && last.code === code && at - last.at < againWithinMs;
      last = { code, at };
      return again;
    },
    forget() {
      last = null;
    },
  };
}
