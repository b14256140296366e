/** Chance that repeats itself: the same seed draws the same day. */
export interface Chance {
  /** A number from `least` up to but not including `most`. */
  between(least: number, most: number): number;
  /** True in `share` of all cases, 0–1. */
  happens(share: number): boolean;
  /** One of them, each as likely as its weight says. */
  pick<T>(options: readonly (readonly [T, number])[]): T;
}

/** Draws by mulberry32 (Tommy Ettinger, public domain): enough for a play, not for secrets. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;

  function draw(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  function pick<T>(options: readonly (readonly [T, number])[]): T {
    let rest = draw() * options.reduce((sum, [, weight]) => sum + weight, 0);
    const found = options.find(([, weight]) => {
      rest -= weight;
      return rest < 0;
    });
    const [option] = found ?? options.at(-1) ?? [];
    if (option === undefined) throw new RangeError('there is nothing to pick from');
    return option;
  }

  return { between: (least, most) => least + draw() * (most - least), happens: (share) => draw() < share, pick };
}
