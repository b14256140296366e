import type { LampPattern, Lamps } from './contract.ts';

/** Lamps that code looks at. Also those of a terminal whose counter screen is the panel: the screen lights its own faces. */
export interface SimulatedLamps extends Lamps {
  readonly pattern: LampPattern;
  readonly listening: boolean;
}

/** Lamps, off. */
export function createSimulatedLamps(): SimulatedLamps {
  let pattern: LampPattern = 'off';
  let listening = false;
  let closed = false;
  return {
    get pattern() {
      return pattern;
    },
    get listening() {
      return listening;
    },
    show(next) {
      if (!closed) pattern = next;
    },
    showListening(now) {
      if (!closed) listening = now;
    },
    onFailure: () => {},
    close() {
      closed = true;
      pattern = 'off';
      listening = false;
    },
  };
}
