import type { AgentSettings } from '@manyi/config/settings';
import type { BadgeReader } from './badge/contract.ts';
import { createSimulatedBadgeReader, type SimulatedBadgeReader } from './badge/simulated.ts';
import type { Buttons } from './buttons/contract.ts';
import { createFirmataButtons } from './buttons/firmata.ts';
import { createSimulatedButtons, type SimulatedButtons } from './buttons/simulated.ts';
import { createTouchButtons } from './buttons/touch.ts';
import type { Lamps } from './lamps/contract.ts';
import { createFirmataLamps } from './lamps/firmata.ts';
import { createSimulatedLamps, type SimulatedLamps } from './lamps/simulated.ts';
import { createUsbPanel } from './panel/panel.ts';
import { openSerialPort } from './panel/transport.ts';

/** What stands at one counter. */
export interface Hardware {
  readonly buttons: Buttons;
  readonly lamps: Lamps;
  readonly badges: BadgeReader;
  /** Calls the listener whenever a part that had failed works again. */
  onRestored(listener: (part: 'panel' | 'badge-reader') => void): void;
  /**
   * Calls the listener with the panel's own number, and with the presses of each level that it has counted since its first
   * start: whenever it has started or been found, and every hour. Only a USB panel with our program counts.
   */
  onCounted(listener: (panel: string, totals: Readonly<Record<string, number>>) => void): void;
}

/** A counter that code drives. */
export interface SimulatedHardware extends Hardware {
  readonly buttons: SimulatedButtons;
  readonly lamps: SimulatedLamps;
  readonly badges: SimulatedBadgeReader;
}

export type HardwareSettings = Pick<AgentSettings, 'MANYI_BUTTONS' | 'MANYI_PANEL_PORT'>;

/**
 * The hardware that the settings name, with a key for each level, best first. `now` gives the milliseconds of a press.
 * Throws an Error of one line for a driver that this version does not have.
 */
export function openHardware(settings: HardwareSettings, levels: readonly string[], now: () => number): Hardware {
  switch (settings.MANYI_BUTTONS) {
    case 'touch':
      return { ...simulatedHardware(levels, now), buttons: createTouchButtons() };
    case 'simulated':
      return simulatedHardware(levels, now);
    case 'firmata':
      return usbHardware(settings.MANYI_PANEL_PORT, levels, now);
    case 'onoff':
    case 'gpiomon':
      throw new Error(
        `MANYI_BUTTONS=${settings.MANYI_BUTTONS} is wrong: this driver is not part of this version yet, use touch, firmata or simulated`,
      );
  }
}

/** A counter for code to drive: what `MANYI_BUTTONS=simulated` opens. */
export function simulatedHardware(levels: readonly string[], now: () => number): SimulatedHardware {
  return {
    buttons: createSimulatedButtons(levels, now),
    lamps: createSimulatedLamps(),
    badges: createSimulatedBadgeReader(),
    onRestored: () => {},
    onCounted: () => {},
  };
}

function usbHardware(port: string, levels: readonly string[], now: () => number): Hardware {
  const panel = createUsbPanel(() => openSerialPort(port), now);
  return {
    ...simulatedHardware(levels, now),
    buttons: createFirmataButtons(panel, levels),
    lamps: createFirmataLamps(panel),
    onRestored: (listener) => panel.onRestored(() => listener('panel')),
    onCounted: (listener) =>
      panel.onTotals(({ panel: name, presses }) => {
        if (name !== null) listener(name, Object.fromEntries(levels.map((level, key) => [level, presses[key] ?? 0])));
      }),
  };
}

/** Lets go of everything. */
export function closeHardware(hardware: Hardware): void {
  hardware.buttons.close();
  hardware.lamps.close();
  hardware.badges.close();
}
