import type { UsbPanel } from '../panel/panel.ts';
import type { Lamps } from './contract.ts';

/** The lamps of a USB panel. Its failures are told by its keys. */
export function createFirmataLamps(panel: UsbPanel): Lamps {
  return { show: panel.lamps.show, onFailure: () => {}, close: panel.close };
}
