/** How far true time is from the agent's own (milliseconds to add), and whether that is known or an estimate. */
export interface Correction {
  readonly shiftMs: number;
  readonly synced: boolean;
}

/**
 * One start of the machine. `anchor` is the agent's own time at uptime zero (epoch milliseconds); `first` and `last` are
 * the first and last instants known in it, by the agent's own time; `correction` is null while it is unknown.
 */
export interface Boot {
  readonly n: number;
  readonly boot: string;
  readonly anchor: number;
  readonly first: number;
  readonly last: number;
  readonly correction: Correction | null;
}

/**
 * An estimate for a boot that ended before its time was known: its own clock, moved no more than needed to lie after the
 * boot before it and before the boot after it (both by true time, epoch milliseconds). The later neighbour wins.
 */
export function estimate(boot: Pick<Boot, 'first' | 'last'>, after: number, before: number): Correction {
  const forward = Math.max(0, after - boot.first);
  const shiftMs = Math.min(forward, before - boot.last);
  return { shiftMs, synced: false };
}

/**
 * Settles every boot that has ended without a correction, oldest first, given the boots in their order and the correction
 * of the running one, which is the last. Returns those that were settled.
 */
export function settleEnded(boots: readonly Boot[], running: Correction): Boot[] {
  const known = boots.map((boot, i) => (i === boots.length - 1 ? { ...boot, correction: running } : boot));
  return known.flatMap((boot, i) => {
    if (boot.correction !== null) return [];
    const earlier = known[i - 1];
    const later = known.slice(i + 1).find((other) => other.correction !== null);
    const after = earlier ? earlier.last + (earlier.correction?.shiftMs ?? 0) : Number.NEGATIVE_INFINITY;
    const before = later ? later.first + (later.correction?.shiftMs ?? 0) : Number.POSITIVE_INFINITY;
    const settled = { ...boot, correction: estimate(boot, after, before) };
    known[i] = settled;
    return [settled];
  });
}
