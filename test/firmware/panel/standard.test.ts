import { EventEmitter } from 'node:events';
import { createUsbPanel } from '@manyi/firmware/panel/panel';
import type { Transport } from '@manyi/firmware/serial/port';
import { expect, it, onTestFinished } from 'vitest';

const pins = 20;
const inputs = [0x00, 0x01, 0x0b, 0x01, 0x01, 0x01];

/** A board with StandardFirmata 2.5, as an Arduino Uno answers: any pin, no filter for bounce, and no totals. */
function standardBoard() {
  const written: number[][] = [];
  const line = Object.assign(new EventEmitter(), {
    write(bytes: Buffer, done: () => void) {
      for (const message of messagesOf([...bytes])) hear(message);
      setImmediate(done);
    },
    close: () => {},
  }) satisfies Transport;
  const say = (...bytes: number[]) => setImmediate(() => line.emit('data', Buffer.from(bytes)));
  function hear(message: number[]): void {
    written.push(message);
    const [command = 0, what] = message;
    if (command === 0xf9) say(0xf9, 2, 5);
    if (command === 0xf0 && what === 0x79) {
      const name = [...'StandardFirmata.ino'].flatMap((letter) => [letter.charCodeAt(0), 0]);
      say(0xf0, 0x79, 2, 5, ...name, 0xf7);
    }
    if (command === 0xf0 && what === 0x6b) {
      say(0xf0, 0x6c, ...Array.from({ length: pins }, (_, pin) => [...(pin < 2 ? [] : inputs), 0x7f]).flat(), 0xf7);
    }
    if (command === 0xf0 && what === 0x6a - 1) say(0xf0, 0x6a, ...Array(pins).fill(0x7f), 0xf7);
    // Port 0 as it stands: every key up.
    if (command === 0xd0 && what === 1) say(0x90, 0b0111100, 0);
  }
  return { line, written, levels: (bits: number) => line.emit('data', Buffer.from([0x90, bits & 0x7f, bits >> 7])) };
}

/** Cuts what was written into messages: each begins with a byte of 8 bits, but for the end of a long one. */
function messagesOf(bytes: readonly number[]): number[][] {
  const messages: number[][] = [];
  for (const byte of bytes) {
    if (byte >= 0x80 && byte !== 0xf7) messages.push([byte]);
    else messages.at(-1)?.push(byte);
  }
  return messages;
}

it('a board with StandardFirmata works too: its keys freed from bounce by us, and without totals', async () => {
  const { line, written, levels } = standardBoard();
  const panel = createUsbPanel(
    async () => line,
    () => performance.now(),
  );
  onTestFinished(panel.close);
  let counted = 0;
  panel.onTotals(() => counted++);
  const heard: number[] = [];
  panel.onPress((key) => heard.push(key));
  const asked = () => written.some(([command, wanted]) => command === 0xd0 && wanted === 1);
  while (!asked()) await passed(5);
  await passed(20);

  // D3 goes down and up again with bounce.
  const pressed = new Promise<void>((resolve) => panel.onPress(() => resolve()));
  for (const bits of [0b0110100, 0b0111100, 0b0110100, 0b0111100, 0b0110100]) levels(bits);
  await pressed;
  for (const bits of [0b0111100, 0b0110100, 0b0111100]) levels(bits);
  await passed(50);
  expect(heard).toEqual([1]);

  // Keys are set to their pull-ups, and lamps are lit.
  for (const pin of [2, 3, 4, 5]) expect(written).toContainEqual([0xf4, pin, 0x0b]);
  panel.lamps.show('ask');
  while (!written.some(([command, , high]) => command === 0x91 && high === 0)) await passed(5);
  expect(written.some(([command, low = 0]) => command === 0x90 && (low & 0x40) !== 0)).toBe(true);
  expect(counted).toBe(0);
});

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
