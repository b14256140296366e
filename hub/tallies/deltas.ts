import { type Contribution, countNames } from './tally.ts';
import { type Buckets, buckets } from './windows.ts';

/** Where a sum belongs, beside its buckets. */
export type TallyKey = Pick<Contribution, 'site' | 'clerk' | 'counter' | 'profile'>;

interface Sum {
  readonly key: TallyKey;
  readonly buckets: Buckets;
  readonly counts: number[];
}

/** Contributions of a batch, summed by hour and key before they are written: a busy counter costs one write, not one a service. */
export interface Deltas {
  add(contribution: Contribution | null, zone: string): void;
  subtract(contribution: Contribution | null, zone: string): void;
  /** Hands over what is not zero, and starts anew. */
  drain(write: (key: TallyKey, buckets: Buckets, counts: readonly number[]) => void): void;
}

export function deltas(): Deltas {
  const sums = new Map<string, Sum>();

  const change = (contribution: Contribution | null, zone: string, sign: 1 | -1) => {
    if (contribution === null) return;
    const { site, clerk, counter, profile, at } = contribution;
    const place = buckets(at, zone);
    const name = `${site} ${place.hour} ${clerk} ${counter} ${profile}`;
    let sum = sums.get(name);
    if (sum === undefined) {
      sum = { key: contribution, buckets: place, counts: countNames.map(() => 0) };
      sums.set(name, sum);
    }
    for (let index = 0; index < countNames.length; index++) {
      const count = contribution.counts[countNames[index] as (typeof countNames)[number]];
      if (count !== undefined) sum.counts[index] = (sum.counts[index] ?? 0) + sign * count;
    }
  };

  return {
    add: (contribution, zone) => change(contribution, zone, 1),
    subtract: (contribution, zone) => change(contribution, zone, -1),
    drain: (write) => {
      for (const { key, buckets: place, counts } of sums.values()) {
        if (counts.some((count) => count !== 0)) write(key, place, counts);
      }
      sums.clear();
    },
  };
}
