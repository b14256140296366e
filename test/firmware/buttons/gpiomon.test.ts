import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGpiomonButtons, parseEdge } from '@manyi/firmware/buttons/gpiomon';
import { stuckAfterMs } from '@manyi/firmware/buttons/keys';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
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
/** Also where the tests make time pass themselves. */
const { setTimeout: realTimeout } = globalThis;
const passed = (ms: number) => new Promise((resolve) => realTimeout(resolve, ms));

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
    // As the real one: the level of the pin that is named last.
    gpioget: script('gpioget', `shift $(($# - 1)); [ -e ${folder}/closed-$1 ] && echo 0 || echo 1`),
    gpiomon: script(
      'gpiomon',
      `exec 3<>${pipe}; echo Monitoring; while read line <&3; do [ "$line" = end ] && exit; echo "$line"; done`,
    ),
  };
  const said = openSync(pipe, 'r+');
  return {
    programs,
    script,
    close: (pin: number) => writeFileSync(join(folder, `closed-${pin}`), ''),
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

it('tells of a key that is stuck from the beginning, which is no press, until it is free', async () => {
  const { programs, edge, close, remove } = standIns();
  onTestFinished(remove);
  close(27);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const buttons = createGpiomonButtons({ pins, levels, now }, undefined, programs);
  onTestFinished(buttons.close);
  const told: string[] = [];
  buttons.onPress((level) => told.push(level));
  buttons.onFailure((cause) => told.push(cause));
  buttons.onRestored(() => told.push('restored'));
  const after = async (ms: number, count: number) => {
    while (told.length < count) {
      await passed(10);
      vi.advanceTimersByTime(ms);
    }
  };
  await after(stuckAfterMs, 1);
  edge(27, 1);
  await after(1, 2);
  await passed(20);
  edge(27, 2);
  await after(1, 3);
  expect(told).toEqual([
    'the key at GPIO27 has been down for a minute: free it, or look for a short in its wiring',
    'restored',
    'satisfied',
  ]);
});

it('tells of a key that stays down, by its pin', async () => {
  const { programs, edge, remove } = standIns();
  onTestFinished(remove);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const buttons = createGpiomonButtons({ pins, levels, clerkPin, now }, undefined, programs);
  onTestFinished(buttons.close);
  const cause = new Promise<string>((resolve) => buttons.onFailure(resolve));
  let pressed = false;
  buttons.onClerkKey(() => {
    pressed = true;
  });
  edge(clerkPin, 2);
  while (!pressed) {
    await passed(10);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(stuckAfterMs);
  expect(await cause).toBe('the key at GPIO5 has been down for a minute: free it, or look for a short in its wiring');
});

describe('what goes wrong', () => {
  const causeOf = (programs: Parameters<typeof createGpiomonButtons>[2], some = pins, clerk?: number) => {
    const buttons = createGpiomonButtons({ pins: some, levels, clerkPin: clerk, now }, undefined, programs);
    onTestFinished(buttons.close);
    return new Promise<string>((resolve) => buttons.onFailure(resolve));
  };

  it('is the program that is not there', async () => {
    const missing = { gpiomon: '/no/gpiomon', gpioget: '/no/gpioget', gpiodetect: '/no/gpiodetect' };
    expect(await causeOf(missing)).toBe('gpiodetect is not installed: sudo apt install gpiod');
  });

  /** What libgpiod 2.2 says, and ours. */
  it.each([
    [
      'gpioget: unable to request lines: Device or resource busy',
      'GPIO17 is taken by another driver: name another pin in MANYI_BUTTON_PINS, or mend config.txt',
    ],
    [
      "gpioget: offset 17 is out of range on chip 'gpiochip0'",
      'there is no GPIO17 on this board: mend MANYI_BUTTON_PINS',
    ],
    ["gpioget: cannot find line '17'", 'there is no GPIO17 on this board: mend MANYI_BUTTON_PINS'],
    [
      "gpioget: unable to open chip '/dev/gpiochip0': Permission denied",
      "no permission for GPIO17: add the agent's user to the group gpio",
    ],
    [
      'gpioget: unable to request lines: Invalid argument',
      'GPIO17 of MANYI_BUTTON_PINS cannot be read: gpioget: unable to request lines: Invalid argument',
    ],
  ])('is a pin that cannot be had: %s', async (said, line) => {
    const { programs, script, remove } = standIns();
    onTestFinished(remove);
    expect(await causeOf({ ...programs, gpioget: script('bad', `echo "${said}" >&2; exit 1`) })).toBe(line);
  });

  it("names the setting of the clerk's own pin", async () => {
    const { programs, script, remove } = standIns();
    onTestFinished(remove);
    const gpioget = script('bad', 'case "$*" in *" 99") echo "cannot find line" >&2; exit 1;; *) echo 1;; esac');
    expect(await causeOf({ ...programs, gpioget }, pins, 99)).toBe(
      'there is no GPIO99 on this board: mend MANYI_CLERK_PIN',
    );
  });

  it('is a chip that may not be opened', async () => {
    const { programs, script, remove } = standIns();
    onTestFinished(remove);
    const said = "gpiodetect: unable to open chip '/dev/gpiochip0': Permission denied";
    expect(await causeOf({ ...programs, gpiodetect: script('bad', `echo "${said}" >&2; exit 1`) })).toBe(
      "no permission for the GPIO chips (/dev/gpiochip*): add the agent's user to the group gpio",
    );
  });

  it('is gpiomon that ends, in its own words', async () => {
    const { programs, script, remove } = standIns();
    onTestFinished(remove);
    const gpiomon = script(
      'ends',
      'echo "gpiomon: unable to request lines on chip gpiochip0: No such device" >&2; exit 1',
    );
    expect(await causeOf({ ...programs, gpiomon })).toBe(
      'gpiomon ended with 1: gpiomon: unable to request lines on chip gpiochip0: No such device (it reads gpiochip0: see MANYI_BUTTON_PINS and MANYI_GPIO_CHIP)',
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
    const missing = { gpiomon: '/no/gpiomon', gpioget: '/no/gpioget', gpiodetect: '/no/gpiodetect' };
    expect(await causeOf(missing, [...pins, 24], 24)).toBe('gpiodetect is not installed: sudo apt install gpiod');
  });
});
