import type { UsbPanel } from '../panel/panel.ts';
import type { Lamps } from './contract.ts';

/** The lamps of a USB panel. Its failures are told by its keys. */
export function createFirmataLamps(panel: UsbPanel): Lamps {
  const { show, showListening } = panel.lamps;
  return { show, showListening, onFailure: () => {}, close: panel.close };
}
