import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createGpiomonButtons } from '@manyi/firmware/buttons/gpiomon';
import type { HeaderButtons } from '@manyi/firmware/buttons/header';
import { createOnoffButtons } from '@manyi/firmware/buttons/onoff';
import { onTestFinished } from 'vitest';
import { monotonicMs } from './contact.ts';
import { lineNumber, makeChip, type SimulatedChip, tellsEdges } from './lines.ts';

export const label = 'pinctrl-bcm2711';
export const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];
export const pins = [17, 27, 22, 23];
export const clerkPin = 24;
const all = [...pins, clerkPin];
/** Also where the tests make a minute pass themselves. */
const { setTimeout: realTimeout } = globalThis;
export const passed = (ms: number) => new Promise<void>((resolve) => realTimeout(resolve, ms));
export const until = async (isSo: () => boolean) => {
  while (!isSo()) await passed(5);
};

interface Bench {
  readonly chip: SimulatedChip;
  readonly buttons: HeaderButtons;
  /** Closes the contact of a pin until the press was heard, for a second at most: this machine may stand still at times. */
  press(pin: number): Promise<void>;
}

/** A chip that is there until the test is over, and until nobody holds a line of it any more. */
export function chipOf(name: string): SimulatedChip {
  const chip = makeChip(name);
  onTestFinished(async () => {
    for (const reader of readers()) process.kill(reader);
    await until(() => readers().length === 0);
    chip.remove();
  });
  return chip;
}

export function benchOf(chip: SimulatedChip, buttons: HeaderButtons): Bench {
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

export async function onoffBench(): Promise<Bench> {
  const chip = chipOf(label);
  chip.pullUp();
  const bench = benchOf(chip, createOnoffButtons({ pins, levels, clerkPin, now: monotonicMs }));
  await readsAll(all);
  return bench;
}

/** Until onoff tells the edges of these pins, and has begun to listen. */
export async function readsAll(some: readonly number[], of = label): Promise<void> {
  await until(() => some.every((pin) => tellsEdges(lineNumber(of, pin))));
  await passed(200);
}

export async function gpiomonBench(): Promise<Bench> {
  const chip = chipOf(label);
  const bench = benchOf(chip, createGpiomonButtons({ pins, levels, clerkPin, now: monotonicMs }));
  // It has to switch them on itself.
  await until(() => all.every(chip.isPulledUp) && isHeldByGpiomon(clerkPin));
  return bench;
}

/** Whether gpiomon has a pin, and so tells its edges. */
function isHeldByGpiomon(pin: number): boolean {
  return /consumer="?gpiomon/.test(execFileSync('gpioinfo', ['--chip', chipName(), String(pin)], { encoding: 'utf8' }));
}

/** The name of the only chip that is there. */
export function chipName(): string {
  return /^(\S+)/.exec(execFileSync('gpiodetect', { encoding: 'utf8' }))?.[1] ?? '';
}

/** The processes in which this one's drivers read their pins. */
export function readers(of: number | 'self' = 'self'): number[] {
  const tasks = readdirSync(`/proc/${of}/task`).map((task) =>
    readFileSync(`/proc/${of}/task/${task}/children`, 'utf8'),
  );
  const children = tasks.join(' ').trim().split(/\s+/).filter(Boolean).map(Number);
  return children.filter((child) => /gpiomon|onoff-pins/.test(readFileSync(`/proc/${child}/cmdline`, 'utf8')));
}
