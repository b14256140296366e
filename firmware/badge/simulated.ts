import type { BadgeReader } from './contract.ts';

/**
 * A reader whose badges code shows. Also that of a terminal with a keyboard-wedge reader, which types into the counter
 * screen: there the reader has nothing to say of its own.
 */
export interface SimulatedBadgeReader extends BadgeReader {
  /** Shows a badge now. */
  show(code: string): void;
}

/** A reader without a badge before it. */
export function createSimulatedBadgeReader(): SimulatedBadgeReader {
  let shown: ((code: string) => void)[] = [];
  return {
    onBadge: (listener) => void shown.push(listener),
    onFailure: () => {},
    show(code) {
      for (const listener of shown) listener(code);
    },
    close() {
      shown = [];
    },
  };
}
