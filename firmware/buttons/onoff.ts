import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Opened } from '../reopen.ts';
import { findHeaderChip } from './chip.ts';
import { createHeaderButtons, type HeaderButtons, type HeaderParts } from './header.ts';
import type { Keys } from './keys.ts';
import type { FromPins, WantedPin } from './onoff-pins.ts';
import { pinTrouble, settingOf } from './trouble.ts';

const folder = '/sys/class/gpio';
/** A start takes a second or two, on a small and busy machine. Milliseconds. */
const longestStartMs = 20_000;

/**
 * Keys between the header's pins and ground, through onoff and the kernel's sysfs. onoff has no pull-ups: config.txt sets them.
 * Its own debounce is not used, for it loses presses shorter than itself. It runs in a process of its own (onoff-pins.ts), so
 * that no edge waits for this one, and is started anew when it has ended. `label` is the chip's, if it is not a Raspberry Pi's.
 */
export function createOnoffButtons(parts: HeaderParts, label?: string): HeaderButtons {
  return createHeaderButtons(parts, (pins, keys) => openPins(pins, keys, parts, label));
}

async function openPins(
  pins: readonly number[],
  keys: Keys,
  { now, clerkPin }: HeaderParts,
  label?: string,
): Promise<Opened> {
  const { base, lines } = findHeaderChip(folder, label);
  // Numbers go on into the next chip, which is somebody else's.
  const beyond = pins.find((pin) => pin >= lines);
  if (beyond !== undefined) throw new Error(pinTrouble('missing', beyond, settingOf(beyond, clerkPin)));
  const child = startReading(pins.map((pin) => ({ line: base + pin, pin, setting: settingOf(pin, clerkPin) })));
  let begun: () => void = () => {};
  let cause: string | null = null;
  const beginning = new Promise<null>((resolve) => {
    begun = () => resolve(null);
  });
  child.on('message', (message: FromPins) => {
    switch (message.type) {
      case 'begun':
        for (const [key, closed] of message.closed.entries()) keys.begin(key, closed);
        begun();
        break;
      case 'edge': {
        // The kernel's clock is read first: a pause between the two readings must not date the edge before it came.
        const agoMs = Number(process.hrtime.bigint()) / 1e6 - message.at;
        keys.edge(message.key, message.closed, now() - agoMs);
        break;
      }
      case 'ended':
        cause = message.cause;
    }
  });
  const ended = new Promise<string>((resolve) => {
    child.on('error', ({ message }) =>
      resolve(
        `the program that reads the pins does not start (${message}): put Manyi onto this machine anew, or set MANYI_BUTTONS=gpiomon`,
      ),
    );
    child.on('close', (code, signal) =>
      resolve(cause ?? `the program that reads the pins ended (${signal ?? code}): it is started anew`),
    );
  });
  const late = setTimeout(() => {
    cause = `the program that reads the pins said nothing for ${longestStartMs / 1000} s: it is started anew`;
    child.kill('SIGKILL');
  }, longestStartMs);
  const failed = await Promise.race([beginning, ended]).finally(() => clearTimeout(late));
  if (failed !== null) throw new Error(failed);
  return { ended, close: () => void child.kill() };
}

/** The compiled program, with no environment and no options of this process: those are the agent's, its secrets and its watchdog among them. */
function startReading(wanted: readonly WantedPin[]) {
  return fork(fileURLToPath(new URL('./onoff-pins.js', import.meta.url)), [JSON.stringify(wanted)], {
    execArgv: [],
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
