import { tooMany } from '../errors.ts';

/** How many failures in a row pass, and how long one takes to be forgiven, in milliseconds. */
interface Limit {
  readonly burst: number;
  readonly forgiveMs: number;
}

/** For one name from one address, and for all names from one address. */
interface Limits {
  readonly ofPair: Limit;
  readonly ofAddress: Limit;
}

const guesses: Limits = { ofPair: { burst: 5, forgiveMs: 12_000 }, ofAddress: { burst: 30, forgiveMs: 4_000 } };
const maxWaiting = 200;
const maxKnown = 10_000;

/**
 * Slows down guessing. Only failures count: of guesses five in a row for one name from one address, thirty for all names from one address;
 * one is forgiven every few seconds. There is no limit for a name alone, because anybody could then lock its owner out.
 */
export interface Throttle {
  /**
   * Runs `work`, which answers null for a failure. Attempts of one address run one after another, so that none slips in before
   * an earlier one has counted. Throws 429 without running it when too many have failed.
   */
  attempt<T>(address: string, name: string, work: () => Promise<T | null>): Promise<T | null>;
}

export function createThrottle({ ofPair, ofAddress } = guesses, now: () => number = Date.now): Throttle {
  const failures = new Map<string, { count: number; at: number }>();
  const lanes = new Map<string, { waiting: number; last: Promise<unknown> }>();

  function current(key: string, limit: Limit): number {
    const known = failures.get(key);
    return known === undefined ? 0 : Math.max(0, known.count - (now() - known.at) / limit.forgiveMs);
  }

  function check(key: string, limit: Limit): void {
    const excess = current(key, limit) - (limit.burst - 1);
    if (excess > 0) throw tooMany(Math.ceil((excess * limit.forgiveMs) / 1000));
  }

  function fail(key: string, limit: Limit): void {
    const count = current(key, limit) + 1;
    failures.delete(key);
    failures.set(key, { count, at: now() });
    const oldest = failures.keys().next();
    if (failures.size > maxKnown && !oldest.done) failures.delete(oldest.value);
  }

  async function run<T>(address: string, pair: string, work: () => Promise<T | null>): Promise<T | null> {
    check(address, ofAddress);
    check(pair, ofPair);
    const result = await work();
    if (result === null) {
      fail(address, ofAddress);
      fail(pair, ofPair);
    } else failures.delete(pair);
    return result;
  }

  async function attempt<T>(address: string, name: string, work: () => Promise<T | null>): Promise<T | null> {
    const lane = lanes.get(address) ?? { waiting: 0, last: Promise.resolve() };
    if (lane.waiting >= maxWaiting) throw tooMany(60);
    lanes.set(address, lane);
    lane.waiting += 1;
    const turn = lane.last.then(() => run(address, `${address} ${name}`, work));
    lane.last = turn.catch(() => null);
    try {
      return await turn;
    } finally {
      lane.waiting -= 1;
      if (lane.waiting === 0) lanes.delete(address);
    }
  }

  return { attempt };
}
