import type { AgentSettings } from '@manyi/config/settings';
import type { BadgeReader } from './badge/contract.ts';
import { createSimulatedBadgeReader, type SimulatedBadgeReader } from './badge/simulated.ts';
import type { Buttons } from './buttons/contract.ts';
import { createSimulatedButtons, type SimulatedButtons } from './buttons/simulated.ts';
import { createTouchButtons } from './buttons/touch.ts';
import type { Lamps } from './lamps/contract.ts';
import { createSimulatedLamps, type SimulatedLamps } from './lamps/simulated.ts';

/** What stands at one counter. */
export interface Hardware {
  readonly buttons: Buttons;
  readonly lamps: Lamps;
  readonly badges: BadgeReader;
}

/** A counter that code drives. */
export interface SimulatedHardware extends Hardware {
  readonly buttons: SimulatedButtons;
  readonly lamps: SimulatedLamps;
  readonly badges: SimulatedBadgeReader;
}

/**
 * The hardware that the settings name, with a key for each level, best first. `now` gives the milliseconds of a press.
 * Throws an Error of one line for a driver that this version does not have.
 */
export function openHardware(
  settings: Pick<AgentSettings, 'MANYI_BUTTONS'>,
  levels: readonly string[],
  now: () => number,
): Hardware {
  switch (settings.MANYI_BUTTONS) {
    case 'touch':
      return { ...simulatedHardware(levels, now), buttons: createTouchButtons() };
    case 'simulated':
      return simulatedHardware(levels, now);
    case 'onoff':
    case 'firmata':
    case 'gpiomon':
      throw new Error(
        `MANYI_BUTTONS=${settings.MANYI_BUTTONS} is wrong: this driver is not part of this version yet, use touch or simulated`,
      );
  }
}

/** A counter for code to drive: what `MANYI_BUTTONS=simulated` opens. */
export function simulatedHardware(levels: readonly string[], now: () => number): SimulatedHardware {
  return {
    buttons: createSimulatedButtons(levels, now),
    lamps: createSimulatedLamps(),
    badges: createSimulatedBadgeReader(),
  };
}

/** Lets go of everything. */
export function closeHardware(hardware: Hardware): void {
  hardware.buttons.close();
  hardware.lamps.close();
  hardware.badges.close();
}
