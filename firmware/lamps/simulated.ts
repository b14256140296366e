import type { LampPattern, Lamps } from './contract.ts';

/** Lamps that code looks at. Also those of a terminal whose counter screen is the panel: the screen lights its own faces. */
export interface SimulatedLamps extends Lamps {
  readonly pattern: LampPattern;
}

/** Lamps, off. */
export function createSimulatedLamps(): SimulatedLamps {
  let pattern: LampPattern = 'off';
  return {
    get pattern() {
      return pattern;
    },
    show(next) {
      pattern = next;
    },
    onFailure: () => {},
    close() {
      pattern = 'off';
    },
  };
}
