import { parseTotals } from '@manyi/firmware/panel/totals';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { burst, press, type Steps } from '../bounce.ts';
import { type Chip, compilePanel, powerUp } from './chip.ts';

let program: Uint16Array;
let chip: Chip;
beforeAll(() => {
  program = compilePanel();
});
beforeEach(() => {
  chip = powerUp(program);
  chip.run(40);
});

const ask = (...bytes: number[]) => {
  chip.sent();
  chip.send(bytes);
  chip.run(16);
  return chip.sent();
};
const faces = [6, 7, 8, 9, 12];
const badge = 10;
const lit = () => [...faces, badge].filter((pin) => chip.isLit(pin));

describe('the panel speaks Firmata', () => {
  const greeting = [
    0xf9,
    2,
    5,
    0xf0,
    0x79,
    1,
    0,
    ...[...'ManyiPanel'].flatMap((letter) => [letter.charCodeAt(0), 0]),
    0xf7,
  ];

  it('greets when it starts, and when it is asked', () => {
    expect(chip.sent()).toEqual(greeting);
    expect(ask(0xf9, 0xf0, 0x79, 0xf7)).toEqual(greeting);
  });

  it('tells what each of its 20 pins can do', () => {
    const capabilities = ask(0xf0, 0x6b, 0xf7);
    const pins = String.fromCharCode(...capabilities.slice(2, -1))
      .split('\x7f')
      .slice(0, -1);
    expect(pins).toHaveLength(20);
    expect(pins.flatMap((modes, pin) => (modes === '\x00\x01\x0b\x01' ? [pin] : []))).toEqual([2, 3, 4, 5, 11]);
    expect(pins.flatMap((modes, pin) => (modes === '\x01\x01' ? [pin] : []))).toEqual([6, 7, 8, 9, 10, 12]);
    expect(ask(0xf0, 0x69, 0xf7)).toEqual([0xf0, 0x6a, ...Array(20).fill(0x7f), 0xf7]);
  });

  it('lights and darkens what the host writes, and nothing else', () => {
    ask(0x90, 0x40, 0x01, 0x91, 0x17, 0);
    expect(lit()).toEqual([6, 7, 8, 9, 12, 10]);
    ask(0xf5, 10, 0);
    expect(lit()).toEqual(faces);
    ask(0x90, 0, 0, 0x91, 0, 0);
    expect(lit()).toEqual([]);
  });

  it('is not lost by rubbish, nor by a message too long', () => {
    ask(0x05, 0xf0, ...Array(40).fill(0x11), 0xf7, 0xf0, 0xf7, 0xe3, 0x01, 0xc4, 0xd0, 0xf0, 0x6d, 0x55, 0xf7);
    expect(ask(0xf9)).toEqual([0xf9, 2, 5]);
  });

  it('tells keys only while it is wanted', () => {
    chip.contact(3, true);
    expect(ask()).toEqual([]);
    expect(ask(0xd0, 1)).toEqual([0x90, 0b0110100, 0]);
    chip.contact(3, false);
    expect(ask()).toEqual([0x90, 0b0111100, 0]);
    expect(ask(0xff)).toEqual([]);
    chip.contact(3, true);
    expect(ask()).toEqual([]);
  });
});

it('takes less than 16 KB of flash', () => {
  const bytes = 2 * (program.findLastIndex((word) => word !== 0xffff) + 1);
  expect(bytes).toBeGreaterThan(1024);
  expect(bytes).toBeLessThan(16 * 1024);
});

it('tells a press within 6 ms', () => {
  ask(0xd0, 1);
  chip.contact(5, true);
  chip.run(6);
  expect(chip.sent()).toEqual([0x90, 0b0011100, 0]);
});

describe('contact bounce', () => {
  /** How often the key at D2 is told to go down while its contact closes and opens in turn, and rests afterwards. */
  function presses(steps: Steps): number {
    let levels = 0;
    let count = 0;
    chip.onSent = (byte) => {
      // The levels of a port come after its command; a second byte of them is 0 here.
      if (levels === 0x90 && (byte & 0x04) === 0) count++;
      levels = byte;
    };
    for (const [n, step] of steps.entries()) {
      chip.contact(2, n % 2 === 0);
      chip.run(step / 100);
    }
    chip.contact(2, false);
    chip.run(15);
    return count;
  }
  beforeEach(() => void ask(0xd0, 1));

  // 10,000 and 100,000 of them are for test/hardware/panel/contacts.test.ts, which is quicker.
  it('never hides a press of 15 ms, nor makes two of it', () => {
    fc.assert(
      fc.property(press, (steps) => {
        expect(presses(steps)).toBe(1);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  it('is no press by itself, nor is interference shorter than 4 ms', () => {
    fc.assert(
      fc.property(burst, (steps) => {
        expect(presses(steps)).toBe(0);
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it('at one key hides no press of another', () => {
    chip.contact(3, true);
    for (let n = 0; n < 150; n++) {
      chip.contact(2, n % 2 === 0);
      chip.run(0.1);
    }
    expect(chip.sent()).toEqual([0x90, 0b0110100, 0]);
  });
});

describe('a silent host', () => {
  it('makes all lamps flash together until the host is heard again', () => {
    ask(0x91, 0x04, 0);
    expect(lit()).toEqual([badge]);
    chip.run(4_900);
    expect(lit()).toEqual([badge]);
    chip.run(200);
    const seen = new Set<string>();
    for (let n = 0; n < 42; n++) {
      chip.run(50);
      seen.add(lit().join());
    }
    expect(seen).toEqual(new Set(['', [...faces, badge].join()]));
    ask(0xf9);
    expect(lit()).toEqual([badge]);
  });
});

it('starts anew when it hangs, and says that its watchdog did it', () => {
  const timerInterrupts = 0x6e;
  chip.sent();
  chip.cpu.writeData(timerInterrupts, 0);
  chip.run(1_200);
  expect(chip.sent().slice(0, 3)).toEqual([0xf9, 2, 5]);
  expect(parseTotals(ask(0xf0, 1, 0xf7).slice(2, -1))).toMatchObject({ starts: 2, startedByWatchdog: true });
});
