import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createGpiomonButtons } from '@manyi/firmware/buttons/gpiomon';
import type { HeaderButtons } from '@manyi/firmware/buttons/header';
import { stuckAfterMs } from '@manyi/firmware/buttons/keys';
import { createOnoffButtons } from '@manyi/firmware/buttons/onoff';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { quickPress } from '../../../firmware/bounce.ts';
import { buttonsContract, clerkKeyContract } from '../../../firmware/buttons-contract.ts';
import { recordedPresses } from '../../../firmware/recorded-bounce.ts';
import { measureLateness } from '../../lateness.ts';
import { percentile } from '../../percentile.ts';
import { playContact, watchForStandstills } from './contact.ts';
import { isExported, leaveExported, lineNumber, makeChip, type SimulatedChip, takeEdges, tellsEdges } from './lines.ts';

const label = 'pinctrl-bcm2711';
const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];
const pins = [17, 27, 22, 23];
const clerkPin = 24;
const all = [...pins, clerkPin];
const presses = 150;
const longestStandstillMs = 3;
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
    for (const reader of readers()) process.kill(reader);
    await until(() => readers().length === 0);
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
  await readsAll(all);
  return bench;
}

/** Until onoff tells the edges of these pins, and has begun to listen. */
async function readsAll(some: readonly number[], of = label): Promise<void> {
  await until(() => some.every((pin) => tellsEdges(lineNumber(of, pin))));
  await passed(200);
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
        else for (const reader of readers()) process.kill(reader);
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
    const traces = [...fc.sample(quickPress, presses), ...recordedPresses];
    const lateness = measureLateness(...readers());
    const standstills = watchForStandstills(longestStandstillMs);
    const played = await playContact(chip.contactFile(17), traces);
    const still = await standstills.stop();
    const late = lateness.stop();
    await passed(100);
    const told = played.map(({ from, to }) => heard.filter((at) => at >= from && at < to).length);
    // A machine that stands still in the middle of a press lets it last longer, or not be seen at all.
    const fair = played.map(({ from, to, asMeant }) => asMeant && !still.some((one) => one.from < to && one.to > from));
    const judged = told.filter((_, n) => fair[n]);
    const wrong = (counts: readonly number[]) => counts.filter((count) => count !== 1).length;
    console.log(
      `${driver}, presses of 15 ms and more with bounce in the guest: ${told.length - wrong(told)} of ${told.length} told once, and ${judged.length - wrong(judged)} of the ${judged.length} in which the machine never stood still for ${longestStandstillMs} ms (it is ${late.toFixed(1)} ms late)`,
    );
    if (judged.length < told.length / 2)
      skip(`this machine let only ${judged.length} presses be played as they were meant`);
    expect(wrong(judged)).toBe(0);
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
    const lateness = measureLateness(...readers());
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

/** The processes in which this one's drivers read their pins. */
function readers(of: number | 'self' = 'self'): number[] {
  const tasks = readdirSync(`/proc/${of}/task`).map((task) =>
    readFileSync(`/proc/${of}/task/${task}/children`, 'utf8'),
  );
  const children = tasks.join(' ').trim().split(/\s+/).filter(Boolean).map(Number);
  return children.filter((child) => /gpiomon|onoff-pins/.test(readFileSync(`/proc/${child}/cmdline`, 'utf8')));
}

/** What a program prints that is run by a user without any rights. */
function asNobody(program: string): string {
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
  return execFileSync('setpriv', [...nobody, process.execPath, '--input-type=module', '--eval', program], {
    encoding: 'utf8',
  }).trim();
}

/** Why keys fail first. They are closed then: they would be tried again, and take the pins from those of the next. */
async function causeOf(buttons: HeaderButtons): Promise<string> {
  try {
    return await new Promise((resolve) => buttons.onFailure(resolve));
  } finally {
    buttons.close();
  }
}

describe('onoff, in a process of its own,', () => {
  it('tells presses that began and ended while the agent could do nothing, when they were', async () => {
    const { buttons, chip } = await onoffBench();
    const heard: number[] = [];
    buttons.onPress((_, at) => heard.push(performance.timeOrigin + at));
    const count = 10;
    const done = new Int32Array(new SharedArrayBuffer(4));
    const played = playContact(
      chip.contactFile(17),
      Array.from({ length: count }, () => [3000, 17_000]),
      done,
    );
    // As for a disk that takes long to sync.
    expect(Atomics.wait(done, 0, 0, 40_000)).not.toBe('timed-out');
    expect(heard).toEqual([]);
    const presses = await played;
    await until(() => heard.length >= count);
    await passed(200);
    expect(heard).toHaveLength(count);
    for (const [n, { from, to }] of presses.entries()) {
      expect(heard[n]).toBeGreaterThanOrEqual(from - 1);
      expect(heard[n]).toBeLessThan(to);
    }
  });

  it('is started anew when it has died, and says so', async () => {
    const { buttons, press } = await onoffBench();
    const failed = new Promise<string>((resolve) => buttons.onFailure(resolve));
    const restored = new Promise<void>((resolve) => buttons.onRestored(resolve));
    for (const reader of readers()) process.kill(reader, 'SIGKILL');
    expect(await failed).toBe('the program that reads the pins ended (SIGKILL): it is started anew');
    await restored;
    await passed(200);
    const heard = new Promise<string>((resolve) => buttons.onPress(resolve));
    await press(22);
    expect(await heard).toBe('average');
  });

  it('ends with the agent, however that ends, and gives the pins back; Ctrl-C is not for it', async () => {
    chipOf(label).pullUp();
    const agent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { createOnoffButtons } from '@manyi/firmware/buttons/onoff';
        createOnoffButtons({ ...${JSON.stringify({ pins, levels })}, now: () => performance.now() });`,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    onTestFinished(() => void agent.kill('SIGKILL'));
    await readsAll(pins);
    const [reader] = readers(agent.pid ?? 0);
    if (reader === undefined) throw new Error('nothing reads the pins');
    const memory = readFileSync(`/proc/${reader}/smaps_rollup`, 'utf8');
    const kb = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(memory)?.[1]);
    const own = kb('Private_Clean') + kb('Private_Dirty');
    console.log(`onoff's process in the guest: ${kb('Rss')} kB resident, ${own} kB of them its own`);
    process.kill(reader, 'SIGINT');
    await passed(500);
    expect(readers(agent.pid ?? 0)).toEqual([reader]);
    agent.kill('SIGKILL');
    await until(() => !existsSync(`/proc/${reader}`) && pins.every((pin) => !isExported(lineNumber(label, pin))));
  });
});

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

  it('is a user who may not have the pins', () => {
    chipOf(label).pullUp();
    const told = (driver: string) =>
      asNobody(
        `import { create${driver}Buttons } from '@manyi/firmware/buttons/${driver.toLowerCase()}';
        const buttons = create${driver}Buttons({ ...${JSON.stringify({ pins, levels })}, now: () => performance.now() });
        buttons.onFailure((cause) => { console.log(cause); process.exit(); });`,
      );
    expect([told('Onoff'), told('Gpiomon')]).toEqual([
      "no permission for GPIO17: add the agent's user to the group gpio",
      "no permission for the GPIO chips (/dev/gpiochip*): add the agent's user to the group gpio",
    ]);
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
    await readsAll(pins, 'my-expander');
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
    await readsAll(pins);
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
    await readsAll(pins);
    await press(17);
    expect(await heard).toBe('very-satisfied');
  });
});
