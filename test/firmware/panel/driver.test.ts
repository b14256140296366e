import { EventEmitter } from 'node:events';
import { createFirmataButtons } from '@manyi/firmware/buttons/firmata';
import { stuckAfterMs } from '@manyi/firmware/buttons/keys';
import { createFirmataLamps } from '@manyi/firmware/lamps/firmata';
import { createUsbPanel, type UsbPanel } from '@manyi/firmware/panel/panel';
import type { PanelTotals } from '@manyi/firmware/panel/totals';
import type { Transport } from '@manyi/firmware/serial/port';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { buttonsContract, clerkKeyContract } from '../buttons-contract.ts';
import { lampsContract } from '../lamps-contract.ts';
import { type Chip, CutEeprom, compilePanel, powerUp } from './chip.ts';
import { bringToLife, type LiveChip } from './live-chip.ts';

const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];
const keyPins = [2, 3, 4, 5];
const clerkPin = 11;
const now = () => performance.now();
let program: Uint16Array;
beforeAll(() => {
  program = compilePanel();
});

const stop: (() => void)[] = [];
afterEach(() => {
  for (const one of stop.splice(0)) one();
});

interface Bench {
  chip: Chip;
  live: LiveChip;
  panel: UsbPanel;
  totals: () => Promise<PanelTotals>;
}

/** A panel program at work, with the driver on its line, once the driver has heard its totals. */
async function bench(eeprom = new CutEeprom()): Promise<Bench & { first: PanelTotals }> {
  const chip = powerUp(program, eeprom);
  const live = bringToLife(chip);
  const panel = createUsbPanel(live.open, now);
  stop.push(panel.close, live.stop);
  const totals = () => new Promise<PanelTotals>((resolve) => panel.onTotals(resolve));
  return { chip, live, panel, totals, first: await totals() };
}

async function open() {
  const { live, panel } = await bench();
  return {
    buttons: createFirmataButtons(panel, levels, clerkPin),
    levels,
    now,
    press: (level: string) => live.press(keyPins[levels.indexOf(level)] ?? -1),
    async fail() {
      const failed = new Promise<string>((resolve) => panel.onFailure(resolve));
      live.unplug();
      await failed;
    },
    pressClerkKey: () => live.press(clerkPin),
  };
}

buttonsContract('firmata', open);
clerkKeyContract('firmata', open);

it("leaves the fifth key alone when it is neither a level's nor the clerk's", async () => {
  const { live, panel } = await bench();
  const buttons = createFirmataButtons(panel, levels);
  const told: string[] = [];
  buttons.onPress((level) => told.push(level));
  buttons.onClerkKey(() => told.push('the clerk'));
  await live.press(clerkPin);
  await live.press(2);
  expect(told).toEqual(['very-satisfied']);
});

const until = async (live: LiveChip, holds: () => boolean) => {
  while (!holds()) await live.passed(5);
};

/** The lamps of the faces, with and without a fifth, and the badge lamp. */
const [faceLamps, badgeLamp] = [[6, 7, 8, 9, 12], 10];

lampsContract('firmata', async () => {
  const { chip, live, panel } = await bench();
  const lit = () => [...faceLamps, badgeLamp].filter((pin) => chip.isLit(pin)).join();
  return {
    lamps: createFirmataLamps(panel),
    look: ({ faces, badge }) =>
      until(live, () => lit() === [...(faces ? faceLamps : []), ...(badge ? [badgeLamp] : [])].join()),
    async stayDark() {
      await until(live, () => lit() === '');
      await live.passed(1200);
      expect(lit()).toBe('');
    },
  };
});

it('names a panel once, and reads its totals at every start', async () => {
  const eeprom = new CutEeprom();
  const { live, first } = await bench(eeprom);
  expect(first).toMatchObject({ presses: [0, 0, 0, 0, 0], starts: 1 });
  expect(first.panel).toMatch(/^[0-9a-f]{8}$/);
  await live.press(5);
  await live.passed(100);
  live.stop();
  expect((await bench(eeprom)).first).toEqual({ ...first, presses: [0, 0, 0, 1, 0], starts: 2 });
});

it('tells of a memory that no longer takes what is written, and goes on counting', async () => {
  const eeprom = new CutEeprom();
  const { live, panel, totals } = await bench(eeprom);
  const causes: string[] = [];
  panel.onFailure((cause) => causes.push(cause));
  eeprom.writeMemory = () => {};
  await live.press(2);
  await live.passed(100);
  const next = totals();
  live.unplug();
  live.plug();
  expect((await next).presses[0]).toBe(1);
  await until(live, () => causes.length === 2);
  expect(causes[1]).toBe(
    'the memory of the panel is worn: its totals may lose presses in a power cut, so change its board',
  );
});

it('tells of a key that stays down, and when it is free that its memory is worn still', async () => {
  const eeprom = new CutEeprom();
  const { chip, live, panel, totals } = await bench(eeprom);
  const told: string[] = [];
  panel.onFailure((cause) => told.push(cause));
  panel.onRestored(() => told.push('restored'));
  const stands = async (closed: boolean) => {
    chip.contact(3, closed);
    await live.passed(40);
  };
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const stuck = 'the key at D3 of the panel has been down for a minute: free it, or look for a short in its wiring';
  await stands(true);
  vi.advanceTimersByTime(stuckAfterMs);
  await stands(false);
  expect(told.splice(0)).toEqual([stuck, 'restored']);

  eeprom.writeMemory = () => {};
  await stands(true);
  const worn = totals();
  // As the driver asks every hour.
  chip.send([0xf0, 0x01, 0xf7]);
  await worn;
  vi.advanceTimersByTime(stuckAfterMs);
  await stands(false);
  expect(told).toEqual([expect.stringMatching(/^the memory of the panel is worn/), stuck, told[0]]);
});

describe('recovery', () => {
  it('finds the panel again after it was unplugged, with its lamps and what was pressed meanwhile', async () => {
    const { chip, live, panel, totals } = await bench();
    const told: string[] = [];
    panel.onFailure((cause) => told.push(cause));
    const restored = new Promise<void>((resolve) => panel.onRestored(resolve));
    panel.onPress((key) => told.push(`key ${key}`));
    panel.lamps.show('ready');
    live.unplug();
    await live.press(2);
    const next = totals();
    live.plug();
    await restored;
    expect((await next).presses[0]).toBe(1);
    await live.press(3);
    expect(told).toEqual(['the panel was unplugged: plug it in again', 'key 1']);
    await until(live, () => chip.isLit(10));
  });

  it('sets a panel up anew that started anew on an open line', async () => {
    const { chip, live, panel, totals } = await bench();
    panel.lamps.show('ready');
    await until(live, () => chip.isLit(10));
    const next = totals();
    chip.cpu.reset();
    expect((await next).starts).toBe(2);
    const pressed = new Promise<number>((resolve) => panel.onPress(resolve));
    await live.press(4);
    expect(await pressed).toBe(2);
    await until(live, () => chip.isLit(10));
  });

  it('does not take a key for pressed that was down when the panel was found', async () => {
    const chip = powerUp(program);
    const live = bringToLife(chip);
    chip.contact(2, true);
    const panel = createUsbPanel(live.open, now);
    stop.push(panel.close, live.stop);
    const keys: number[] = [];
    panel.onPress((key) => keys.push(key));
    await new Promise<PanelTotals>((resolve) => panel.onTotals(resolve));
    await live.passed(20);
    chip.contact(2, false);
    await live.passed(20);
    await live.press(3);
    expect(keys).toEqual([1]);
  });
});

/** A line on which somebody else speaks. */
function strangeLine() {
  const line = Object.assign(new EventEmitter(), {
    write: (_bytes: Buffer, done: () => void) => setImmediate(done),
    close: () => {},
  });
  return line satisfies Transport;
}

it('says why, when what is on the line does not make sense', async () => {
  const line = strangeLine();
  const panel = createUsbPanel(async () => line, now);
  onTestFinished(panel.close);
  const cause = new Promise<string>((resolve) => panel.onFailure(resolve));
  const noise = setInterval(() => line.emit('data', Buffer.from([0xf9, 2, 5, 0xf0, 0x6e, 0x40, 0, 0, 0xf7])), 20);
  onTestFinished(() => clearInterval(noise));
  expect(await cause).toBe(
    'the panel sends what no Firmata board sends: check its cable, and that firmware/panel is on it',
  );
});

it('says so when the line fails', async () => {
  const line = strangeLine();
  const panel = createUsbPanel(async () => line, now);
  onTestFinished(panel.close);
  const cause = new Promise<string>((resolve) => panel.onFailure(resolve));
  while (line.listenerCount('error') === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  line.emit('error', new Error('Input/output error\nin read'));
  expect(await cause).toBe('the line to the panel failed (Input/output error): check its cable, and plug it in again');
});

it('says so when the panel falls silent', { timeout: 20_000 }, async () => {
  const { live, panel } = await bench();
  const cause = new Promise<string>((resolve) => panel.onFailure(resolve));
  live.stop();
  expect(await cause).toBe(
    'the panel no longer answers: unplug it and plug it in again, or flash firmware/panel onto it anew',
  );
});
