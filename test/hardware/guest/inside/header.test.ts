import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createGpiomonButtons } from '@manyi/firmware/buttons/gpiomon';
import type { HeaderButtons } from '@manyi/firmware/buttons/header';
import { stuckAfterMs } from '@manyi/firmware/buttons/keys';
import { createOnoffButtons } from '@manyi/firmware/buttons/onoff';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { buttonsContract, clerkKeyContract } from '../../../firmware/buttons-contract.ts';
import {
  benchOf,
  chipName,
  chipOf,
  clerkPin,
  gpiomonBench,
  label,
  levels,
  onoffBench,
  passed,
  pins,
  readers,
  readsAll,
  until,
} from './bench.ts';
import { monotonicMs as now, playContactMeanwhile } from './contact.ts';
import { isExported, leaveExported, lineNumber, takeEdges } from './lines.ts';

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
}

/** Another program that holds a line until the test is over. */
async function hold(line: number): Promise<void> {
  const other = spawn('gpiomon', ['--banner', '--chip', chipName(), String(line)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void other.kill());
  await once(other.stdout, 'data');
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
    buttons.onPress((_, at) => heard.push(at));
    const count = 10;
    // As for a disk that takes long to sync.
    const presses = playContactMeanwhile(
      chip.contactFile(17),
      Array.from({ length: count }, () => [3000, 17_000]),
    );
    expect(heard).toEqual([]);
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
