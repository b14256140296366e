import type { UsbPanel } from '../panel/panel.ts';
import type { Buttons } from './contract.ts';

/** The keys of a USB panel, the first for the first level. A key beyond the levels says nothing. */
export function createFirmataButtons(panel: UsbPanel, levels: readonly string[]): Buttons {
  return {
    onPress(listener) {
      panel.onPress((key, at) => {
        const level = levels[key];
        if (level !== undefined) listener(level, at);
      });
    },
    onFailure: panel.onFailure,
    close: panel.close,
  };
}
