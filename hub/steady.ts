import type { Clock } from './clock.ts';

/** Two readings of a clock that differ from the machine's own count by less than this tell the same. Milliseconds. */
const noiseMs = 1_000;

/**
 * Milliseconds to reckon with how long something lasts: only the difference between two means anything. It goes on with the machine's
 * count of time where the clock is set back, so that nothing lasts for less than it did, or for longer than it may.
 */
export function createSteady({ now }: Clock): () => number {
  let [clock, count, steady] = [now(), performance.now(), 0];
  return () => {
    const [clockNow, countNow] = [now(), performance.now()];
    const [byClock, byCount] = [clockNow - clock, countNow - count];
    steady += byClock - byCount > noiseMs ? byClock : byCount;
    [clock, count] = [clockNow, countNow];
    return steady;
  };
}
