import type { AgentSettings } from '@manyi/config/settings';
import type { BadgeReader } from './badge/contract.ts';
import { createHidBadgeReader } from './badge/hid.ts';
import type { ReopenedBadgeReader } from './badge/reopened.ts';
import { createSerialBadgeReader } from './badge/serial.ts';
import { createSimulatedBadgeReader, type SimulatedBadgeReader } from './badge/simulated.ts';
import type { Buttons } from './buttons/contract.ts';
import { checkClerkPin, createFirmataButtons } from './buttons/firmata.ts';
import { createGpiomonButtons } from './buttons/gpiomon.ts';
import type { HeaderButtons, HeaderParts } from './buttons/header.ts';
import { createOnoffButtons } from './buttons/onoff.ts';
import { createSimulatedButtons, type SimulatedButtons } from './buttons/simulated.ts';
import { createTouchButtons } from './buttons/touch.ts';
import type { Lamps } from './lamps/contract.ts';
import { createFirmataLamps } from './lamps/firmata.ts';
import { createSimulatedLamps, type SimulatedLamps } from './lamps/simulated.ts';
import type { Microphone } from './microphone/contract.ts';
import { createMicrophone } from './microphone/microphone.ts';
import { createNoMicrophone } from './microphone/none.ts';
import { programRecorder } from './microphone/recorder.ts';
import { createSimulatedMicrophone } from './microphone/simulated.ts';
import { createUsbPanel } from './panel/panel.ts';
import { openSerialPort } from './serial/port.ts';
import { aplayPlayer } from './speaker/aplay.ts';
import type { Speaker } from './speaker/contract.ts';
import { createNoSpeaker } from './speaker/none.ts';
import { createSimulatedSpeaker } from './speaker/simulated.ts';
import { createSpeaker } from './speaker/speaker.ts';

/** The parts of a counter's hardware that can fail and work again. */
export type HardwarePart = 'panel' | 'badge-reader' | 'microphone' | 'speaker';

/** What stands at one counter. */
export interface Hardware {
  readonly buttons: Buttons;
  readonly lamps: Lamps;
  readonly badges: BadgeReader;
  readonly microphone: Microphone;
  readonly speaker: Speaker;
  /** Calls the listener whenever a part that had failed works again. */
  onRestored(listener: (part: HardwarePart) => void): void;
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

export type HardwareSettings = Pick<
  AgentSettings,
  | 'MANYI_BUTTONS'
  | 'MANYI_BUTTON_PINS'
  | 'MANYI_CLERK_PIN'
  | 'MANYI_GPIO_CHIP'
  | 'MANYI_PANEL_PORT'
  | 'MANYI_BADGE_READER'
  | 'MANYI_BADGE_PORT'
  | 'MANYI_BADGE_DEVICE'
  | 'MANYI_BADGE_FORMAT'
  | 'MANYI_BADGE_LAYOUT'
  | 'MANYI_BADGE_PREFIX'
  | 'MANYI_BADGE_SUFFIX'
  | 'MANYI_MICROPHONE'
  | 'MANYI_MICROPHONE_DEVICE'
  | 'MANYI_MICROPHONE_CHANNELS'
  | 'MANYI_SPEAKER'
  | 'MANYI_SPEAKER_DEVICE'
  | 'MANYI_SPEAKER_VOLUME'
  | 'MANYI_SPEAKER_LANGUAGES'
  | 'MANYI_SPEAKER_SOUNDS'
>;

/**
 * The hardware that the settings name, with a key for each level, best first, and the clerk's own where they name its pin. `now` gives the milliseconds of a press.
 * Throws an Error of one line when a setting is missing. Hardware that is not there is a failure told, and looked for again.
 */
export function openHardware(settings: HardwareSettings, levels: readonly string[], now: () => number): Hardware {
  const panel = openPanel(settings, levels, now);
  const badges = openBadgeReader(settings, now);
  const microphone = openMicrophone(settings);
  const speaker = openSpeaker(settings);
  return {
    ...panel,
    badges: badges ?? panel.badges,
    microphone,
    speaker,
    onRestored(listener) {
      panel.onRestored(listener);
      badges?.onRestored(() => listener('badge-reader'));
      microphone.onRestored(() => listener('microphone'));
      speaker.onRestored(() => listener('speaker'));
    },
  };
}

function openMicrophone({
  MANYI_MICROPHONE: kind,
  MANYI_MICROPHONE_DEVICE: device,
  MANYI_MICROPHONE_CHANNELS: channels,
}: HardwareSettings): Microphone {
  switch (kind) {
    case 'none':
      return createNoMicrophone();
    case 'simulated':
      return createSimulatedMicrophone(channels, device);
    case 'arecord':
    case 'sox':
      return createMicrophone(channels, programRecorder({ program: kind, device, channels }));
  }
}

function openSpeaker(settings: HardwareSettings): Speaker {
  const options = {
    volume: settings.MANYI_SPEAKER_VOLUME,
    languages: settings.MANYI_SPEAKER_LANGUAGES,
    folder: settings.MANYI_SPEAKER_SOUNDS,
  };
  switch (settings.MANYI_SPEAKER) {
    case 'none':
      return createNoSpeaker();
    case 'simulated':
      return createSimulatedSpeaker(options);
    case 'aplay':
      return createSpeaker(options, aplayPlayer(settings.MANYI_SPEAKER_DEVICE));
  }
}

/** Null for a reader that types into the counter screen: that needs no driver. */
function openBadgeReader(settings: HardwareSettings, now: () => number): ReopenedBadgeReader | null {
  switch (settings.MANYI_BADGE_READER) {
    case 'screen':
      return null;
    case 'serial': {
      const port = { path: settings.MANYI_BADGE_PORT, baudRate: 9_600, setting: 'MANYI_BADGE_PORT' };
      return createSerialBadgeReader(() => openSerialPort(port));
    }
    case 'hid':
      return createHidBadgeReader(
        {
          device: settings.MANYI_BADGE_DEVICE,
          format: settings.MANYI_BADGE_FORMAT,
          layout: settings.MANYI_BADGE_LAYOUT,
          prefix: settings.MANYI_BADGE_PREFIX,
          suffix: settings.MANYI_BADGE_SUFFIX,
        },
        now,
      );
  }
}

function openPanel(settings: HardwareSettings, levels: readonly string[], now: () => number): Hardware {
  switch (settings.MANYI_BUTTONS) {
    case 'touch':
      return { ...simulatedHardware(levels, now), buttons: createTouchButtons() };
    case 'simulated':
      return simulatedHardware(levels, now);
    case 'firmata':
      return usbHardware(settings, levels, now);
    case 'onoff':
      return headerHardware(
        createOnoffButtons(headerParts(settings, levels, now), settings.MANYI_GPIO_CHIP),
        levels,
        now,
      );
    case 'gpiomon':
      return headerHardware(
        createGpiomonButtons(headerParts(settings, levels, now), settings.MANYI_GPIO_CHIP),
        levels,
        now,
      );
  }
}

/** A counter for code to drive: what `MANYI_BUTTONS=simulated` opens. */
export function simulatedHardware(levels: readonly string[], now: () => number): SimulatedHardware {
  return {
    buttons: createSimulatedButtons(levels, now),
    lamps: createSimulatedLamps(),
    badges: createSimulatedBadgeReader(),
    microphone: createNoMicrophone(),
    speaker: createNoSpeaker(),
    onRestored: () => {},
    onCounted: () => {},
  };
}

function headerParts(settings: HardwareSettings, levels: readonly string[], now: () => number): HeaderParts {
  const pins = settings.MANYI_BUTTON_PINS;
  if (pins !== undefined) return { pins, levels, clerkPin: settings.MANYI_CLERK_PIN, now };
  throw new Error(
    `MANYI_BUTTON_PINS is missing: MANYI_BUTTONS=${settings.MANYI_BUTTONS} needs the keys' GPIO numbers, best level first`,
  );
}

function headerHardware(buttons: HeaderButtons, levels: readonly string[], now: () => number): Hardware {
  return {
    ...simulatedHardware(levels, now),
    buttons,
    onRestored: (listener) => buttons.onRestored(() => listener('panel')),
  };
}

function usbHardware(settings: HardwareSettings, levels: readonly string[], now: () => number): Hardware {
  const { MANYI_PANEL_PORT: path, MANYI_CLERK_PIN: clerkPin } = settings;
  const panel = createUsbPanel(async () => {
    if (clerkPin !== undefined) checkClerkPin(clerkPin, levels.length);
    return openSerialPort({ path, baudRate: 57_600, setting: 'MANYI_PANEL_PORT' });
  }, now);
  return {
    ...simulatedHardware(levels, now),
    buttons: createFirmataButtons(panel, levels, clerkPin),
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
  hardware.microphone.close();
  hardware.speaker.close();
}
