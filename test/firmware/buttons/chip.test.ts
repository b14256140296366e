import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDetectedChip, findHeaderChip } from '@manyi/firmware/buttons/chip';
import { describe, expect, it, onTestFinished } from 'vitest';

/** A folder as the kernel keeps it: `[label, first line, lines]`. */
function sysfs(...chips: [label: string, base: number, lines: number][]): string {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-gpio-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'export'), '');
  for (const [label, base, lines] of chips) {
    const chip = join(folder, `gpiochip${base}`);
    mkdirSync(chip);
    writeFileSync(join(chip, 'label'), `${label}\n`);
    writeFileSync(join(chip, 'base'), `${base}\n`);
    writeFileSync(join(chip, 'ngpio'), `${lines}\n`);
  }
  return folder;
}

describe('the chip of the header in sysfs', () => {
  it.each<[board: string, chips: Parameters<typeof sysfs>, base: number]>([
    [
      'a Pi 3 with an old kernel',
      [
        ['pinctrl-bcm2835', 0, 54],
        ['raspberrypi-exp-gpio', 504, 8],
      ],
      0,
    ],
    ['a Pi Zero 2 with a new one', [['pinctrl-bcm2835', 512, 54]], 512],
    [
      'a Pi 4',
      [
        ['raspberrypi-exp-gpio', 570, 8],
        ['pinctrl-bcm2711', 512, 58],
      ],
      512,
    ],
    [
      'a Pi 5',
      [
        ['gpio-brcmstb@107d508500', 512, 32],
        ['pinctrl-bcm2835', 544, 54],
        ['pinctrl-rp1', 569, 54],
      ],
      569,
    ],
  ])('is found on %s', (_board, chips, base) => expect(findHeaderChip(sysfs(...chips)).base).toBe(base));

  it('can be named on another board', () =>
    expect(findHeaderChip(sysfs(['pinctrl-bcm2711', 512, 58], ['my-expander', 600, 8]), 'my-expander').base).toBe(600));

  it('is said to be missing with what is there, and the setting', () => {
    expect(() => findHeaderChip(sysfs(['INT33FC:00', 512, 98]))).toThrow(
      'no GPIO chip of a Raspberry Pi (there is: INT33FC:00): set MANYI_GPIO_CHIP to one of these',
    );
    expect(() => findHeaderChip('/sys/class/no-gpio')).toThrow(
      'this kernel has no /sys/class/no-gpio: set MANYI_BUTTONS=gpiomon',
    );
  });
});

describe('the chip of the header in what gpiodetect prints', () => {
  const pi5 = 'gpiochip0 [gpio-brcmstb@107d508500] (32 lines)\ngpiochip4 [pinctrl-rp1] (54 lines)\n';
  it('is found', () => expect(findDetectedChip(pi5)).toBe('gpiochip4'));
  it('can be named', () => expect(findDetectedChip(pi5, 'gpio-brcmstb@107d508500')).toBe('gpiochip0'));
  it('is said to be missing', () =>
    expect(() => findDetectedChip('')).toThrow('no GPIO chip of a Raspberry Pi (there is: none)'));
});
