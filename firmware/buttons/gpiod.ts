import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type PinTrouble, pinTrouble } from './trouble.ts';

/** libgpiod 2's programs; Debian's package gpiod. */
export interface GpiodPrograms {
  readonly gpiomon: string;
  readonly gpioget: string;
  readonly gpiodetect: string;
}

export const installed: GpiodPrograms = { gpiomon: 'gpiomon', gpioget: 'gpioget', gpiodetect: 'gpiodetect' };

/** So that what the programs say is what is looked for here. */
export const inEnglish = { ...process.env, LC_ALL: 'C' };

/** What gpiodetect prints. Rejects with an Error of one line. */
export async function detectChips(gpiodetect: string): Promise<string> {
  try {
    return (await promisify(execFile)(gpiodetect, { env: inEnglish })).stdout;
  } catch (error) {
    const cause = programTrouble('gpiodetect', error);
    if (!/permission denied/i.test(cause)) throw new Error(cause);
    throw new Error("no permission for the GPIO chips (/dev/gpiochip*): add the agent's user to the group gpio");
  }
}

/** Whether the contact between a pin and ground is closed now, with its pull-up on. Rejects with an Error of one line. */
export async function isClosedNow(gpioget: string, chip: string, pin: number, setting: string): Promise<boolean> {
  const options = ['--chip', chip, '--bias', 'pull-up', '--hold-period', '1ms', '--numeric', String(pin)];
  try {
    return (await promisify(execFile)(gpioget, options, { env: inEnglish })).stdout.trim() === '0';
  } catch (error) {
    const cause = programTrouble('gpioget', error);
    const trouble = troubleIn(cause);
    throw new Error(
      trouble === null ? `GPIO${pin} of ${setting} cannot be read: ${cause}` : pinTrouble(trouble, pin, setting),
    );
  }
}

function troubleIn(cause: string): PinTrouble | null {
  if (/resource busy/i.test(cause)) return 'taken';
  if (/cannot find line|out of range/i.test(cause)) return 'missing';
  if (/permission denied/i.test(cause)) return 'permission';
  return null;
}

/** Why one of the programs did not run to its end, in one line. */
export function programTrouble(program: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${program} is not installed: sudo apt install gpiod`;
  const said = message.trim().split('\n').at(-1) ?? '';
  return said.startsWith(program) ? said : `${program} cannot be run (${said}): sudo apt install --reinstall gpiod`;
}
