import { closeSync, constants, openSync, readdirSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';

/** A USB reader that types, made by the kernel from what a program writes. */
export interface WedgeReader {
  /** Types what is on a badge, and Enter. */
  type(digits: string): void;
  unplug(): void;
}

const create2 = 11;
const input2 = 12;
const usb = 3;
const enter = 0x28;
/** What every keyboard says of itself: modifiers, five lamps, six keys. */
const descriptor = Buffer.from(
  '05010906a101050719e029e71500250175019508810295017508810195057501050819012905910295017503910195067508150025650507190029658100c0',
  'hex',
);

/** Plugs a reader in that calls itself by a name. */
export function plugReaderIn(name: string): WedgeReader {
  const device = openSync('/dev/uhid', 'r+');
  const bytes = Buffer.alloc(4 + 128 + 64 + 64 + 2 + 2 + 4 * 4 + 4096);
  bytes.writeUInt32LE(create2, 0);
  bytes.write(name, 4);
  bytes.writeUInt16LE(descriptor.length, 260);
  bytes.writeUInt16LE(usb, 262);
  bytes.writeUInt32LE(0xffff, 264);
  bytes.writeUInt32LE(0x0035, 268);
  descriptor.copy(bytes, 280);
  writeSync(device, bytes);
  const report = (key: number) => {
    const event = Buffer.alloc(4 + 2 + 8);
    event.writeUInt32LE(input2, 0);
    event.writeUInt16LE(8, 4);
    event[6 + 2] = key;
    writeSync(device, event);
  };
  return {
    type(digits) {
      for (const digit of digits) {
        report(digit === '0' ? 0x27 : 0x1d + Number(digit));
        report(0);
      }
      report(enter);
      report(0);
    },
    unplug: () => closeSync(device),
  };
}

/** Whether the kernel has a device of that name that programs can read. */
export function isReadable(name: string): boolean {
  try {
    return readdirSync('/sys/class/hidraw').some((one) =>
      readFileSync(`/sys/class/hidraw/${one}/device/uevent`, 'utf8').includes(`HID_NAME=${name}`),
    );
  } catch {
    return false;
  }
}

const inputs = '/sys/class/input';

/** The input devices of that name, as `input2`. */
function inputsOf(name: string): string[] {
  return readdirSync(inputs).filter(
    (one) => one.startsWith('input') && readFileSync(`${inputs}/${one}/name`, 'utf8').trim() === name,
  );
}

/** Keeps what the device types from everything but those who read it raw: what our udev rule does. */
export function inhibit(name: string): void {
  for (const one of inputsOf(name)) writeFileSync(`${inputs}/${one}/inhibited`, '1');
}

/** Somebody who listens to a keyboard as a console or a window does. */
export function keysHeardBy(name: string): { heard(): Promise<boolean>; close(): void } {
  const events = inputsOf(name).flatMap((one) =>
    readdirSync(`${inputs}/${one}`).filter((file) => /^event\d+$/.test(file)),
  );
  const files = events.map((event) =>
    openSync(`/dev/input/${basename(event)}`, constants.O_RDONLY | constants.O_NONBLOCK),
  );
  return {
    /** Whether a key was heard since this was last asked, or is within half a second. */
    async heard() {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return files.map(hasEvents).includes(true);
    },
    close() {
      for (const file of files) closeSync(file);
    },
  };
}

function hasEvents(file: number): boolean {
  const bytes = Buffer.alloc(24 * 256);
  let any = false;
  try {
    while (readSync(file, bytes) > 0) any = true;
  } catch {
    // There are no more.
  }
  return any;
}
