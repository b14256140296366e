import type { Machine } from './machine.ts';
import type { Correction } from './outbox/boots.ts';

/** The terminal's time. All instants are epoch milliseconds. */
export interface Clock {
  /**
   * The agent's own time: anchored once in a boot and counted on from there, so that a time service that sets the wall
   * clock never moves a deadline. It may be wrong by `correction`.
   */
  now(): number;
  /** The agent's own time as time since the machine started. */
  uptimeMs(): number;
  /** What makes true time of the agent's own; null until `settle` has succeeded in this boot. */
  correction(): Correction | null;
  /** The best guess at true time. */
  trueNow(): number;
  /** Finds the correction from the wall clock, if a time service has set it. Answers whether a correction is known now. */
  settleByWall(): boolean;
  /** Finds the correction: from the wall clock when a time service has set it, else from the hub. Answers whether one is known now. */
  settle(): Promise<boolean>;
}

export interface ClockParts {
  readonly machine: Machine;
  /** The agent's own time at uptime zero, as kept for this boot. */
  readonly anchor: number;
  /** The correction found earlier in this boot. */
  readonly correction: Correction | null;
  /** The hub's time. Rejects when it cannot be had. */
  readonly hubTime: () => Promise<number>;
  /** Keeps a correction that was found for the rest of this boot. */
  readonly keep: (correction: Correction) => void;
}

export function createClock({ machine, anchor, correction: kept, hubTime, keep }: ClockParts): Clock {
  let correction = kept;
  const now = () => Math.round(anchor + machine.uptimeMs());

  function take(shiftMs: number): void {
    correction = { shiftMs: Math.round(shiftMs), synced: true };
    keep(correction);
  }

  function settleByWall(): boolean {
    if (machine.synced()) take(machine.wallMs() - now());
    return correction !== null;
  }

  async function settleByHub(): Promise<boolean> {
    const asked = now();
    try {
      const time = await hubTime();
      take(time - (asked + now()) / 2);
    } catch {
      // Without the hub what was known before still holds.
    }
    return correction !== null;
  }

  return {
    now,
    uptimeMs: () => Math.round(machine.uptimeMs()),
    correction: () => correction,
    trueNow: () => now() + (correction?.shiftMs ?? 0),
    settleByWall,
    settle: async () => (machine.synced() ? settleByWall() : settleByHub()),
  };
}

/**
 * Where a boot's own time is anchored when it is first seen: the wall clock, but never before the last instant that is
 * already known, so that time does not run backwards on a machine without a battery-kept clock.
 */
export function anchorOf(machine: Machine, lastKnown: number | null): number {
  return Math.max(machine.wallMs(), lastKnown ?? 0) - machine.uptimeMs();
}
