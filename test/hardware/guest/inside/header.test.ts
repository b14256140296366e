import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createGpiomonButtons } from '@manyi/firmware/buttons/gpiomon';
import type { HeaderButtons } from '@manyi/firmware/buttons/header';
import { stuckAfterMs } from '@manyi/firmware/buttons/keys';
import { createOnoffButtons } from '@manyi/firmware/buttons/onoff';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { quickPress } from '../../../firmware/bounce.ts';
import { buttonsContract, clerkKeyContract } from '../../../firmware/buttons-contract.ts';
import { measureLateness } from '../../lateness.ts';
import { percentile } from '../../percentile.ts';
import { playContact } from './contact.ts';
import { leaveExported, lineNumber, makeChip, type SimulatedChip, takeEdges, tellsEdges } from './lines.ts';

const label = 'pinctrl-bcm2711';
const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];
const pins = [17, 27, 22, 23];
const clerkPin = 24;
const all = [...pins, clerkPin];
const presses = 150;
const now = () => performance.now();
/** Also where the tests make a minute pass themselves. */
const { setTimeout: realTimeout } = globalThis;
const passed = (ms: number) => new Promise<void>((resolve) => realTimeout(resolve, ms));
const until = async (isSo: () => boolean) => {
  while (!isSo()) await passed(5);
};

interface Bench {
  readonly chip: SimulatedChip;
  readonly buttons: HeaderButtons;
  /** Closes the contact of a pin until the press was heard, for a second at most: this machine may stand still at times. */
  press(pin: number): Promise<void>;
}

/** A chip that is there until the test is over, and until nobody holds a line of it any more. */
function chipOf(name: string): SimulatedChip {
  const chip = makeChip(name);
  onTestFinished(async () => {
    killGpiomon();
    await until(() => gpiomons().length === 0);
    chip.remove();
  });
  return chip;
}

function benchOf(chip: SimulatedChip, buttons: HeaderButtons): Bench {
  onTestFinished(buttons.close);
  return {
    chip,
    buttons,
    async press(pin) {
      const heard = new Promise<void>((resolve) => {
        buttons.onPress(() => resolve());
        buttons.onClerkKey(() => resolve());
      });
      chip.contact(pin, true);
      await Promise.race([heard, passed(1000)]);
      chip.contact(pin, false);
      await passed(150);
    },
  };
}

async function onoffBench(): Promise<Bench> {
  const chip = chipOf(label);
  chip.pullUp();
  const bench = benchOf(chip, createOnoffButtons({ pins, levels, clerkPin, now }));
  await until(() => all.every((pin) => tellsEdges(lineNumber(label, pin))));
  return bench;
}

async function gpiomonBench(): Promise<Bench> {
  const chip = chipOf(label);
  const bench = benchOf(chip, createGpiomonButtons({ pins, levels, clerkPin, now }));
  // It has to switch them on itself.
  await until(() => all.every(chip.isPulledUp) && isHeldByGpiomon(clerkPin));
  return bench;
}

for (const [driver, open] of [
  ['onoff', onoffBench],
  ['gpiomon', gpiomonBench],
] as const) {
  const underTest = async () => {
    const { chip, buttons, press } = await open();
    return {
      buttons,
      levels,
      now,
      press: (level: string) => press(pins[levels.indexOf(level)] ?? -1),
      async fail() {
        const failed = new Promise<string>((resolve) => buttons.onFailure(resolve));
        if (driver === 'onoff') chip.remove();
        else killGpiomon();
        await failed;
      },
      pressClerkKey: () => press(clerkPin),
    };
  };
  buttonsContract(`${driver}, on lines of a kernel,`, underTest);
  clerkKeyContract(`${driver}, on lines of a kernel,`, underTest);

  it(`${driver} misses no press of 15 ms or more, whatever its bounce, and tells none twice`, async ({ skip }) => {
    const { buttons, chip } = await open();
    const heard: number[] = [];
    buttons.onPress((_, at) => heard.push(performance.timeOrigin + at));
    const lateness = measureLateness();
    const played = await playContact(chip.contactFile(17), fc.sample(quickPress, presses));
    const late = lateness.stop();
    await passed(100);
    const told = played.map(({ from, to }) => heard.filter((at) => at >= from && at < to).length);
    const wrong = told.filter((count) => count !== 1);
    console.log(
      `${driver}, presses of 15 ms and more with bounce in the guest: ${presses - wrong.length} of ${presses} told once; ${played.filter(({ asMeant }) => !asMeant).length} were not played as they were meant (the machine itself is ${late.toFixed(1)} ms late)`,
    );
    // sysfs does not say when an edge was: a program that stands still for as long as a press lasts cannot know of it.
    if (driver === 'onoff' && late > 10) skip(`this machine is ${late.toFixed(1)} ms late by itself`);
    const meant = told.filter((_, n) => played[n]?.asMeant);
    if (meant.length < presses / 2) skip(`this machine played only ${meant.length} presses as they were meant`);
    expect(meant.filter((count) => count !== 1)).toEqual([]);
  });

  it(`${driver} tells of a key that stays down, by its pin, and when it is free again`, async () => {
    const { buttons, chip } = await open();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const told: string[] = [];
    buttons.onPress((level) => told.push(level));
    buttons.onFailure((cause) => told.push(cause));
    buttons.onRestored(() => told.push('restored'));
    const after = async (ms: number, count: number) => {
      while (told.length < count) {
        await passed(20);
        vi.advanceTimersByTime(ms);
      }
    };
    chip.contact(27, true);
    await after(10, 1);
    await after(stuckAfterMs, 2);
    chip.contact(27, false);
    await after(10, 3);
    expect(told).toEqual([
      'satisfied',
      'the key at GPIO27 has been down for a minute: free it, or look for a short in its wiring',
      'restored',
    ]);
  });

  it(`${driver} tells a press within 25 ms of the pin, in 99 of 100`, async ({ skip }) => {
    const { buttons, chip } = await open();
    const took: number[] = [];
    let closedAt = 0;
    buttons.onPress(() => took.push(now() - closedAt));
    const lateness = measureLateness();
    for (let n = 0; n < presses; n++) {
      const pin = pins[n % pins.length] ?? 0;
      const heard = new Promise<void>((resolve) => buttons.onPress(() => resolve()));
      closedAt = now();
      chip.contact(pin, true);
      await Promise.all([passed(25), Promise.race([heard, passed(2000)])]);
      chip.contact(pin, false);
      await passed(25);
    }
    const late = lateness.stop();
    const [p50, p99] = [percentile(took, 50), percentile(took, 99)];
    console.log(
      `${driver}, pin to press, of ${presses} in the guest: ${presses - took.length} missed, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (the machine itself is ${late.toFixed(1)} ms late)`,
    );
    // A machine that stands still for longer than a press lasts, as one with much else to do does, says nothing of the driver.
    if (late > 10) skip(`this machine is ${late.toFixed(1)} ms late by itself`);
    expect(took).toHaveLength(presses);
    expect(p99).toBeLessThanOrEqual(25 + late);
  });
}

/** Whether gpiomon has a pin, and so tells its edges. */
function isHeldByGpiomon(pin: number): boolean {
  return /consumer="?gpiomon/.test(execFileSync('gpioinfo', ['--chip', chipName(), String(pin)], { encoding: 'utf8' }));
}

/** Another program that holds a line until the test is over. */
async function hold(line: number): Promise<void> {
  const other = spawn('gpiomon', ['--banner', '--chip', chipName(), String(line)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void other.kill());
  await once(other.stdout, 'data');
}

/** The name of the only chip that is there. */
function chipName(): string {
  return /^(\S+)/.exec(execFileSync('gpiodetect', { encoding: 'utf8' }))?.[1] ?? '';
}

/** Every gpiomon that this process has started, as its drivers do. */
function gpiomons(): number[] {
  const tasks = readdirSync('/proc/self/task').map((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8'));
  const children = tasks.join(' ').trim().split(/\s+/).filter(Boolean);
  return children.map(Number).filter((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'gpiomon');
}

function killGpiomon(): void {
  for (const child of gpiomons()) process.kill(child);
}

const causeOf = (buttons: HeaderButtons) => {
  onTestFinished(buttons.close);
  return new Promise<string>((resolve) => buttons.onFailure(resolve));
};

describe('what goes wrong on a kernel', () => {
  it('is a pin that another program has', async () => {
    chipOf(label).pullUp();
    await hold(27);
    expect(await causeOf(createOnoffButtons({ pins, levels, now }))).toBe(
      'GPIO27 is taken by another driver: name another pin in MANYI_BUTTON_PINS, or mend config.txt',
    );
    expect(await causeOf(createGpiomonButtons({ pins, levels, now }))).toBe(
      'GPIO27 is taken by another driver: name another pin in MANYI_BUTTON_PINS, or mend config.txt',
    );
  });

  it('is a pin that the board does not have', async () => {
    chipOf(label).pullUp();
    const some = [17, 27, 22, 99];
    expect(await causeOf(createOnoffButtons({ pins: some, levels, now }))).toBe(
      'there is no GPIO99 on this board: mend MANYI_BUTTON_PINS',
    );
    expect(await causeOf(createOnoffButtons({ pins, levels, clerkPin: 99, now }))).toBe(
      'there is no GPIO99 on this board: mend MANYI_CLERK_PIN',
    );
    expect(await causeOf(createGpiomonButtons({ pins: some, levels, now }))).toBe(
      'there is no GPIO99 on this board: mend MANYI_BUTTON_PINS',
    );
  });

  it('is a chip of another board, until it is named', async () => {
    const chip = chipOf('my-expander');
    expect(await causeOf(createOnoffButtons({ pins, levels, now }))).toBe(
      'no GPIO chip of a Raspberry Pi (there is: my-expander): set MANYI_GPIO_CHIP to one of these',
    );
    chip.pullUp();
    const { buttons, press } = benchOf(chip, createOnoffButtons({ pins, levels, now }, 'my-expander'));
    const heard = new Promise<string>((resolve) => buttons.onPress(resolve));
    await until(() => pins.every((pin) => tellsEdges(lineNumber('my-expander', pin))));
    await press(22);
    expect(await heard).toBe('average');
  });

  it('is a key that is down from the beginning: no press, but told as stuck', async () => {
    const chip = chipOf(label);
    chip.pullUp();
    chip.contact(22, true);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const buttons = createOnoffButtons({ pins, levels, now });
    const cause = causeOf(buttons);
    let heard = 0;
    buttons.onPress(() => heard++);
    await until(() => pins.every((pin) => tellsEdges(lineNumber(label, pin))));
    await passed(50);
    vi.advanceTimersByTime(stuckAfterMs);
    expect(await cause).toMatch(/^the key at GPIO22 has been down for a minute/);
    expect(heard).toBe(0);
  });

  it('is a pin whose edges were taken away: it is told, and they are set up anew', async () => {
    const { buttons, chip, press } = await onoffBench();
    const told: string[] = [];
    buttons.onFailure((cause) => told.push(cause));
    const restored = new Promise<void>((resolve) => buttons.onRestored(resolve));
    takeEdges(lineNumber(label, 23));
    chip.contact(23, true);
    await restored;
    chip.contact(23, false);
    await passed(100);
    expect(told).toEqual(['GPIO23 changes without a word: its edges are set up anew']);
    const heard = new Promise<string>((resolve) => buttons.onPress(resolve));
    await press(23);
    expect(await heard).toBe('dissatisfied');
  });

  it('is a pin that was left exported, and is mended without a word', async () => {
    const chip = chipOf(label);
    chip.pullUp();
    leaveExported(lineNumber(label, 17));
    const { buttons, press } = benchOf(chip, createOnoffButtons({ pins, levels, now }));
    const heard = new Promise<string>((resolve) => buttons.onPress(resolve));
    await until(() => pins.every((pin) => tellsEdges(lineNumber(label, pin))));
    await press(17);
    expect(await heard).toBe('very-satisfied');
  });
});
