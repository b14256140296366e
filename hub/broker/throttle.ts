/** Slows down whoever offers wrong credentials, by address. A right credential is never held up, so one bad terminal cannot lock out others. */
export interface Throttle {
  /**
   * Counts a failure. Gives how long its answer should wait, in milliseconds; null when too many wait already, and the connection
   * should simply be dropped. `isFirst` is true once a minute for an address, for the log.
   */
  failed(address: string): { readonly waitMs: number | null; readonly isFirst: boolean };
}

interface Failures {
  count: number;
  since: number;
}

const forgetMs = 60_000;
const longestWaitMs = 10_000;
const dropBeyond = 50;
const mostAddresses = 10_000;

export function failureThrottle(now: () => number): Throttle {
  const failures = new Map<string, Failures>();
  return {
    failed(address) {
      if (failures.size > mostAddresses) failures.clear();
      let known = failures.get(address);
      if (known === undefined || now() - known.since > forgetMs) {
        known = { count: 0, since: now() };
        failures.set(address, known);
      }
      known.count += 1;
      const waitMs = Math.min(longestWaitMs, 50 * 2 ** known.count);
      return { waitMs: known.count > dropBeyond ? null : waitMs, isFirst: known.count === 1 };
    },
  };
}
