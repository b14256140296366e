import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGpiomonButtons, parseEdge } from '@manyi/firmware/buttons/gpiomon';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buttonsContract, clerkKeyContract } from '../buttons-contract.ts';

describe('a line of gpiomon', () => {
  it('is an edge', () => {
    expect(parseEdge('17 2 1234.500000000')).toEqual({ pin: 17, closed: true, monotonicMs: 1_234_500 });
    expect(parseEdge('4 1 0.000001000')).toEqual({ pin: 4, closed: false, monotonicMs: 0.001 });
  });
  it.each(["Monitoring lines '17' and '27'...", '', '17 3 1.0', '17 2', '17 2 1.0 more'])('can be none: %j', (line) =>
    expect(parseEdge(line)).toBeNull(),
  );
});

const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];
const pins = [17, 27, 22, 23];
const clerkPin = 5;
const now = () => performance.now();
const monotonic = () => (Number(process.hrtime.bigint()) / 1e9).toFixed(9);
const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Programs in the place of libgpiod's, which say what the test writes. */
function standIns() {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-gpiomon-'));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const script = (name: string, body: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return join(folder, name);
  };
  const programs = {
    gpiodetect: script('gpiodetect', 'echo "gpiochip0 [pinctrl-bcm2711] (58 lines)"'),
    gpiomon: script(
      'gpiomon',
      `exec 3<>${pipe}; echo Monitoring; while read line <&3; do [ "$line" = end ] && exit; echo "$line"; done`,
    ),
  };
  const said = openSync(pipe, 'r+');
  return {
    programs,
    script,
    edge: (pin: number, type: 1 | 2) => void writeSync(said, `${pin} ${type} ${monotonic()}\n`),
    end: () => void writeSync(said, 'end\n'),
    remove() {
      closeSync(said);
      rmSync(folder, { recursive: true });
    },
  };
}

function open() {
  const { programs, edge, end, remove } = standIns();
  onTestFinished(remove);
  const buttons = createGpiomonButtons({ pins, levels, clerkPin, now }, undefined, programs);
  async function press(pin: number) {
    // A closed panel says nothing: there is only its silence to wait for.
    const heard = new Promise<void>((resolve) => {
      buttons.onPress(() => resolve());
      buttons.onClerkKey(() => resolve());
    });
    edge(pin, 2);
    await passed(20);
    edge(pin, 1);
    await Promise.race([heard, passed(1000)]);
    await passed(20);
  }
  return {
    buttons,
    levels,
    now,
    press: (level: string) => press(pins[levels.indexOf(level)] ?? -1),
    pressClerkKey: () => press(clerkPin),
    async fail() {
      const failed = new Promise<string>((resolve) => buttons.onFailure(resolve));
      end();
      await failed;
    },
  };
}

buttonsContract('gpiomon', open);
clerkKeyContract('gpiomon', open);

describe('what goes wrong', () => {
  const causeOf = (programs: Parameters<typeof createGpiomonButtons>[2], some = pins, clerk?: number) => {
    const buttons = createGpiomonButtons({ pins: some, levels, clerkPin: clerk, now }, undefined, programs);
    onTestFinished(buttons.close);
    return new Promise<string>((resolve) => buttons.onFailure(resolve));
  };

  it('is the program that is not there', async () => {
    const missing = { gpiomon: '/no/gpiomon', gpiodetect: '/no/gpiodetect' };
    expect(await causeOf(missing)).toBe('gpiomon is not installed: sudo apt install gpiod');
  });

  it("is a pin that is taken, in gpiomon's own words", async () => {
    const { programs, script, remove } = standIns();
    onTestFinished(remove);
    const gpiomon = script(
      'busy',
      'echo "gpiomon: unable to request lines on chip gpiochip0: Device or resource busy" >&2; exit 1',
    );
    expect(await causeOf({ ...programs, gpiomon })).toBe(
      'gpiomon ended with 1: gpiomon: unable to request lines on chip gpiochip0: Device or resource busy',
    );
  });

  it('is a pin too few', async () => {
    expect(await causeOf(undefined, [17, 27, 22])).toBe(
      'MANYI_BUTTON_PINS names 3 pins, but there are 4 levels: name one for each',
    );
  });

  it("is a level's pin that is named for the clerk too, but not one that no level needs", async () => {
    expect(await causeOf(undefined, pins, 23)).toBe(
      "MANYI_CLERK_PIN is 23, a level's pin in MANYI_BUTTON_PINS: name another pin",
    );
    const missing = { gpiomon: '/no/gpiomon', gpiodetect: '/no/gpiodetect' };
    expect(await causeOf(missing, [...pins, 24], 24)).toBe('gpiomon is not installed: sudo apt install gpiod');
  });
});
