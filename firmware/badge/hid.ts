import { closeSync, openSync } from 'node:fs';
import { createReopenedBadgeReader, type ReopenedBadgeReader } from './reopened.ts';
import { createTyping, type TypingOptions } from './typing.ts';

/** What the system knows of a device, as far as it tells readers from others. */
export interface HidDevice {
  readonly path?: string | undefined;
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturer?: string | undefined;
  readonly product?: string | undefined;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

/** How a reader is found and understood. */
export interface HidReaderOptions extends TypingOptions {
  /** Part of its name, or `vendor:product` in hexadecimal; without it, it is found by what it is. */
  readonly device?: string | undefined;
}

/** What readers that type call themselves. The udev rule that keeps them off the console knows the same names. */
const readerName = /reader|rfid|card|proximity|barcode|scanner|\bic\b|\bid\b|125 ?khz|13\.56/i;
/** A clerk's keyboard may have a card reader in it; what it types is not taken unless it is asked for. */
const keyboardName = /keyboard|keypad/i;
/** So many in a row are no accident. */
const misreadAtMost = 3;
const misreading =
  'the badge reader types what is no badge number: see MANYI_BADGE_FORMAT, MANYI_BADGE_LAYOUT, MANYI_BADGE_PREFIX and MANYI_BADGE_SUFFIX, and set it to end each with Enter or Tab';
const unplugged = 'the badge reader was unplugged: plug it in again';
const genericDesktop = 1;
const keyboardUsage = 6;

/** A reader that is open: its reports, and that it is gone. */
export interface HidLine {
  on(event: 'data', listener: (report: Uint8Array) => void): void;
  on(event: 'error', listener: () => void): void;
  close(): void;
}

/** A USB reader that types, read through hidraw. The system hears it too: a udev rule keeps it off the console. */
export function createHidBadgeReader(
  options: HidReaderOptions,
  now: () => number,
  open = () => openReader(options.device),
): ReopenedBadgeReader {
  let misread = 0;
  return createReopenedBadgeReader(async ({ badge, trouble }) => {
    const read = (code: string) => {
      misread = 0;
      badge(code);
    };
    const pass = () => {
      misread += 1;
      if (misread === misreadAtMost) trouble(misreading);
    };
    const device = await open();
    device.on('data', createTyping(options, now, read, pass));
    const ended = new Promise<string>((resolve) => {
      device.on('error', () => resolve(unplugged));
    });
    return { ended, close: () => device.close() };
  });
}

/** Opens the reader. Rejects with an Error of one line. */
async function openReader(wanted?: string): Promise<HidLine> {
  const { default: hid } = await import('node-hid').catch(() => {
    throw new Error('the package node-hid is not installed: run npm ci on this machine with its compilers present');
  });
  hid.setDriverType('hidraw');
  const path = findReader(await hid.devicesAsync(), wanted);
  const device = await hid.HIDAsync.open(path).catch((error: Error) => {
    throw new Error(openTrouble(path, error.message));
  });
  return {
    on: (event: string, listener: (...args: never[]) => void) => device.on(event as 'data', listener as () => void),
    close: () => void device.close().catch(() => {}),
  };
}

/** Why a reader could not be opened, in one line. node-hid says the same of every cause. */
export function openTrouble(path: string, said: string): string {
  try {
    closeSync(openSync(path, 'r+'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return unplugged;
    if (code === 'EACCES' || code === 'EPERM') {
      return `no permission for the badge reader ${path}: install the udev rule that gives it to the agent's user`;
    }
  }
  return `the badge reader ${path} cannot be opened (${said.split('\n')[0]}): unplug it and plug it in again`;
}

/** The path of the reader among the machine's devices. Throws an Error of one line when there is none, or which one is not clear. */
export function findReader(devices: readonly HidDevice[], wanted?: string): string {
  const keyboards = devices.filter((one) => one.usagePage === genericDesktop && one.usage === keyboardUsage);
  const found = keyboards.filter((one) => (wanted === undefined ? isReader(nameOf(one)) : isWanted(one, wanted)));
  const [reader, another] = found;
  const there = keyboards.map((one) => `${nameOf(one)} (${idOf(one)})`).join(', ') || 'none';
  if (reader?.path === undefined) {
    throw new Error(
      `no badge reader${wanted === undefined ? '' : ` ${wanted}`}: plug it in, or set MANYI_BADGE_DEVICE to one of: ${there}`,
    );
  }
  if (another !== undefined && idOf(another) !== idOf(reader)) {
    throw new Error(`more than one badge reader: set MANYI_BADGE_DEVICE to one of: ${there}`);
  }
  return reader.path;
}

function isReader(name: string): boolean {
  return readerName.test(name) && !keyboardName.test(name);
}

function isWanted(device: HidDevice, wanted: string): boolean {
  return idOf(device) === wanted.toLowerCase() || nameOf(device).toLowerCase().includes(wanted.toLowerCase());
}

function nameOf({ manufacturer, product }: HidDevice): string {
  return [manufacturer, product].filter(Boolean).join(' ').trim() || 'a device without a name';
}

function idOf({ vendorId, productId }: HidDevice): string {
  return [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
}
