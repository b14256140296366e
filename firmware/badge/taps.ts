/** A badge held before a reader is told again and again, and people tap twice. Milliseconds. */
export const againWithinMs = 2_000;

/** Lets one showing of a badge through: the same code again within 2 s of its last telling is ignored. */
export function createTaps(now: () => number, taken: (code: string) => void): (code: string) => void {
  let last: { code: string; at: number } | null = null;
  return (code) => {
    const at = now();
    const again = last !== null && last.code === code && at - last.at < againWithinMs;
    last = { code, at };
    if (!again) taken(code);
  };
}
