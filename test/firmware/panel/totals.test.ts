import { parseTotals, toSevenBits } from '@manyi/firmware/panel/totals';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Chip, CutEeprom, compilePanel, PowerCut, powerUp } from './chip.ts';

const keyPins = [2, 3, 4, 5, 11];
let program: Uint16Array;
beforeAll(() => {
  program = compilePanel();
});

/** Presses keys together, and waits until every byte of it must be in the EEPROM, and they can be pressed anew. */
function press(chip: Chip, ...keys: number[]): void {
  for (const key of keys) chip.contact(keyPins[key] ?? 0, true);
  chip.run(6);
  for (const key of keys) chip.contact(keyPins[key] ?? 0, false);
  chip.run(Math.max(50, 18 * keys.length));
}

function totals(chip: Chip) {
  chip.sent();
  chip.send([0xf0, 0x01, 0xf7]);
  chip.run(16);
  const answer = chip.sent();
  const start = answer.indexOf(0xf0);
  expect(answer.slice(start, start + 2)).toEqual([0xf0, 0x01]);
  expect(answer.indexOf(0xf7)).toBe(start + 39);
  return parseTotals(answer.slice(start + 2, start + 39));
}

it('counts every key from zero on a blank memory', () => {
  const chip = powerUp(program);
  chip.run(20);
  press(chip, 0);
  press(chip, 3);
  press(chip, 3);
  press(chip, 4, 1);
  expect(totals(chip)).toEqual({
    panel: null,
    presses: [1, 1, 0, 2, 1],
    starts: 1,
    worn: false,
    startedByWatchdog: false,
  });
});

it('counts a press once whose contact opens and closes again within 50 ms, as the host does', () => {
  const chip = powerUp(program);
  chip.run(20);
  for (const steps of [
    [6, 20, 6],
    [6, 12, 6, 12, 6, 12, 6],
  ]) {
    for (const [n, ms] of steps.entries()) {
      chip.contact(3, n % 2 === 0);
      chip.run(ms);
    }
    chip.contact(3, false);
    chip.run(60);
  }
  expect(totals(chip).presses).toEqual([0, 2, 0, 0, 0]);
});

it('keeps the number it was given first, over a power cut', () => {
  const eeprom = new CutEeprom();
  const chip = powerUp(program, eeprom);
  chip.run(60);
  chip.send([0xf0, 0x02, ...toSevenBits(0xfedc_ba98), 0xf7]);
  chip.run(60);
  const again = powerUp(program, eeprom);
  again.run(40);
  again.send([0xf0, 0x02, ...toSevenBits(7), 0xf7]);
  again.run(60);
  expect(totals(again).panel).toBe('fedcba98');
});

it('starts from zero on a memory full of anything, and counts from there', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (rubbish) => {
      const eeprom = new CutEeprom();
      for (let n = 0; n < 1024; n++) eeprom.memory[n] = rubbish.next().value ?? 0;
      const chip = powerOn(eeprom);
      const before = totals(chip).presses;
      press(chip, 2);
      const after = totals(powerOn(eeprom)).presses;
      expect(after).toEqual(before.map((total, key) => (key === 2 ? total + 1 : total)));
      // Only the two lowest numbers need no record before them.
      for (const total of before) expect(total).toBeLessThanOrEqual(2);
    }),
    { numRuns: 10 },
  );
});

function powerOn(eeprom: CutEeprom): Chip {
  const chip = powerUp(program, eeprom);
  chip.run(60);
  return chip;
}

describe('the power cut at any write of a byte', () => {
  /** What a byte can hold after its write was cut: old, erased, done, a part of the bits, or anything. */
  const spoilt = fc.oneof(
    fc.constant(() => (old: number) => old),
    fc.constant(() => () => 0xff),
    fc.constant(() => (_old: number, wanted: number) => wanted),
    fc.integer({ min: 0, max: 255 }).map((mask) => () => (_old: number, wanted: number) => wanted | mask),
    fc.integer({ min: 0, max: 255 }).map((any) => () => () => any),
  );
  const round = fc.record({
    presses: fc.array(fc.subarray([0, 1, 2, 3, 4], { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 }),
    cutAfter: fc.integer({ min: 0, max: 16 }),
    spoilt,
  });

  /** Runs one life of the panel until its power is cut, and gives the presses that were then certain and in progress. */
  function live(eeprom: CutEeprom, presses: readonly number[][]): { certain: number[]; inProgress: readonly number[] } {
    const certain = [0, 0, 0, 0, 0];
    let inProgress: readonly number[] = [];
    try {
      const chip = powerUp(program, eeprom);
      chip.run(60);
      for (const keys of presses) {
        inProgress = keys;
        press(chip, ...keys);
        for (const key of keys) certain[key] = (certain[key] ?? 0) + 1;
        inProgress = [];
      }
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    return { certain, inProgress };
  }

  it('loses at most the press in progress, and never makes one up', () => {
    const eeprom = new CutEeprom();
    // So that the ring of one key is about to go round.
    const chip = powerOn(eeprom);
    for (let n = 0; n < 38; n++) press(chip, 0);
    let known = totals(chip).presses;
    let cuts = 0;
    fc.assert(
      fc.property(round, ({ presses, cutAfter, spoilt }) => {
        eeprom.writesLeft = cutAfter;
        eeprom.spoil = spoilt();
        const { certain, inProgress } = live(eeprom, presses);
        if (eeprom.writesLeft < 0) cuts++;
        eeprom.writesLeft = Number.POSITIVE_INFINITY;
        const told = totals(powerOn(eeprom)).presses;
        for (const [key, total] of told.entries()) {
          const least = (known[key] ?? 0) + (certain[key] ?? 0);
          expect(total).toBeGreaterThanOrEqual(least);
          expect(total).toBeLessThanOrEqual(least + (inProgress.includes(key) ? 1 : 0));
        }
        known = told;
      }),
      { numRuns: 150, endOnFailure: true },
    );
    // The rings have gone round, and most lives ended in a cut.
    expect(cuts).toBeGreaterThan(40);
    expect(Math.max(...known)).toBeGreaterThan(42);
  });
});

it('says when a cell no longer takes what is written', () => {
  const eeprom = new CutEeprom();
  const chip = powerOn(eeprom);
  eeprom.writeMemory = () => {};
  press(chip, 0);
  expect(totals(chip)).toMatchObject({ presses: [1, 0, 0, 0, 0], worn: true });
});

it('says how to mend what cannot be read', () => {
  expect(() => parseTotals([2, 0])).toThrow(
    "the panel tells its totals in format 2, not in 1: flash this version's firmware/panel onto it",
  );
  expect(() => parseTotals([1, 0])).toThrow(
    'the panel told its totals in part only: flash firmware/panel onto it anew',
  );
});
