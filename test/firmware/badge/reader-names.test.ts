import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findReader } from '@manyi/firmware/badge/hid';
import { expect, it } from 'vitest';

const rules = readFileSync(new URL('../../../firmware/pi/files/70-manyi-badge.rules', import.meta.url), 'utf8');

/** Whether the driver takes a device of that name for a reader. */
function driverTakes(product: string): boolean {
  try {
    return findReader([{ path: '/dev/hidraw0', vendorId: 1, productId: 2, product, usagePage: 1, usage: 6 }]) !== '';
  } catch {
    return false;
  }
}

/** The names that the rule takes for readers: its patterns are a shell's, and match without regard to case. */
function taken(names: readonly string[]): string[] {
  const [, not = '', is = ''] = /^ENV\{HID_NAME\}!=i"(.*?)", ENV\{HID_NAME\}==i"(.*?)", ENV/m.exec(rules) ?? [];
  expect([not, is]).not.toContain('');
  const pattern = (alternatives: string) => alternatives.replaceAll(' ', '\\ ');
  const script = `shopt -s nocasematch; while IFS= read -r name; do case $name in ${pattern(not)}) ;; ${pattern(is)}) printf '%s\\n' "$name" ;; esac; done`;
  const input = names.map((name) => `${name}\n`).join('');
  return execFileSync('bash', ['--norc', '-c', script], { input, encoding: 'utf8', env: { LC_ALL: 'C.UTF-8' } })
    .split('\n')
    .slice(0, -1);
}

const real = [
  'Sycreader RFID Technology Co., Ltd SYC ID&IC USB Reader',
  'HXGCoLtd IC',
  'Sycreader USB ID',
  'ic-usb',
  'NFC smart card reader',
  'USB Barcode SCANNER',
  '125KHZ USB',
  'WCM 125 khz Proximity',
  'HID 13.56M USB',
];
const notReaders = [
  'CHERRY SmartCard Reader Keyboard',
  'Dell Smart Card Reader Keyboard',
  'Apple Magic Keyboard with Touch ID',
  'Logitech USB Receiver',
  'Basic Optical Mouse',
  'Idle Music Pad',
  'SONiX USB KEYPAD card',
];
const parts = [
  '',
  'USB',
  'Reader',
  'rfid',
  'CARD',
  'ic',
  'IC',
  'Id',
  'idle',
  'music',
  'Keyboard',
  '125khz',
  '125 KHz',
  '13.56',
];
const joined = parts.flatMap((one) =>
  parts.flatMap((two) => [' ', '&', '-', '_', ''].map((by) => `${one}${by}${two}`)),
);
const nameable = joined.filter((name) => name.trim() === name && name !== '');

it('the driver knows readers by their names, and no keyboards', () => {
  expect(real.filter((name) => !driverTakes(name))).toEqual([]);
  expect(notReaders.filter(driverTakes)).toEqual([]);
});

it('the rule that keeps readers off the console takes the same names as the driver', () => {
  const names = [...real, ...notReaders, ...nameable];
  expect(taken(names)).toEqual(names.filter(driverTakes));
});
