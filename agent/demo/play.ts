import { setTimeout as wait } from 'node:timers/promises';
import type { Hardware, SimulatedHardware } from '@manyi/firmware/terminal';
import type { Terminal } from '../terminal.ts';
import type { PlannedInput } from './day.ts';

/** Plays a day in its own time; resolves after its last input, or as soon as the signal comes. */
export async function playDay(
  day: readonly PlannedInput[],
  act: (planned: PlannedInput) => void,
  signal: AbortSignal,
): Promise<void> {
  const opened = performance.now();
  for (const planned of day) {
    const early = planned.at - (performance.now() - opened);
    if (early > 0) await wait(early, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    act(planned);
  }
}

/** Does at the counter what was planned, with its keys, its reader and its screen. What cannot be kept the terminal reports. */
export function act(terminal: Terminal, { input }: PlannedInput, badgeOf: (clerk: string) => string): void {
  const hardware = terminal.hardware();
  if (!isSimulated(hardware)) throw new Error('the demo hall needs MANYI_BUTTONS=simulated');
  const { buttons, badges } = hardware;
  switch (input.type) {
    case 'badge':
      badges.show(badgeOf(input.clerk));
      break;
    case 'press':
      buttons.press(input.level);
      break;
    case 'two-faces':
      for (const level of input.levels) buttons.press(level);
      break;
    case 'clerk-key':
      buttons.pressClerkKey();
      break;
    case 'next':
    case 'pause':
      atScreen(terminal, { type: input.type });
      break;
    case 'invite':
    case 'end':
    case 'resume':
    case 'not-now':
    case 'reason':
      atScreen(terminal, input);
      break;
    case 'tick':
    case 'restart':
      throw new Error(`nobody can plan a ${input.type}`);
    default:
      input satisfies never;
  }
}

function atScreen(terminal: Terminal, input: Parameters<Terminal['input']>[0]): void {
  terminal.input(input).catch(() => {});
}

function isSimulated(hardware: Hardware): hardware is SimulatedHardware {
  return 'press' in hardware.buttons && 'show' in hardware.badges;
}
