import { join } from 'node:path';
import { createFirmataButtons } from '@manyi/firmware/buttons/firmata';
import { createUsbPanel, type UsbPanel } from '@manyi/firmware/panel/panel';
import type { PanelTotals } from '@manyi/firmware/panel/totals';
import { openSerialPort } from '@manyi/firmware/serial/port';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buttonsContract } from '../../firmware/buttons-contract.ts';
import { makeFolder, removeFolder, temporaryFolder } from '../../support/folder.ts';
import { measureLateness } from '../lateness.ts';
import { percentile } from '../percentile.ts';
import { type Board, compilePanelProgram, type PanelProgram, plugIn } from './board.ts';

const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];
const keyPins = [2, 3, 4, 5, 11];
const presses = 200;
/** The clock by which the simulator dates its pins. */
const now = () => Number(process.hrtime.bigint()) / 1e6;

const folder = makeFolder();
let program: PanelProgram;
beforeAll(() => {
  program = compilePanelProgram(folder);
});
afterAll(() => removeFolder(folder));

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Bench {
  readonly panel: UsbPanel;
  readonly port: string;
  readonly board: () => Board;
  replug(): Promise<void>;
}

/** A board in simavr, on a serial line that the shipped driver opens; once the driver has heard its totals. */
async function bench(): Promise<Bench> {
  const place = temporaryFolder();
  const [port, eeprom] = [join(place, 'tty'), join(place, 'eeprom')];
  let board = await plugIn(program, port, eeprom);
  onTestFinished(() => board.unplug());
  const panel = createUsbPanel(
    () => openSerialPort({ path: port, baudRate: 57_600, setting: 'MANYI_PANEL_PORT' }),
    now,
  );
  onTestFinished(panel.close);
  await new Promise<PanelTotals>((resolve) => panel.onTotals(resolve));
  return {
    panel,
    port,
    board: () => board,
    async replug() {
      board = await plugIn(program, port, eeprom);
    },
  };
}

buttonsContract('firmata, in simavr,', async () => {
  const { panel, board } = await bench();
  return {
    buttons: createFirmataButtons(panel, levels),
    levels,
    now,
    async press(level) {
      // A closed panel says nothing: there is only its silence to wait for.
      const heard = new Promise<void>((resolve) => panel.onPress(() => resolve()));
      await board().press(keyPins[levels.indexOf(level)] ?? -1);
      await Promise.race([heard, passed(500)]);
    },
    async fail() {
      const failed = new Promise<string>((resolve) => panel.onFailure(resolve));
      await board().unplug();
      await failed;
    },
  };
});

describe('a panel in simavr', () => {
  it('lights what it is told to', async () => {
    const { panel, board } = await bench();
    panel.lamps.show('ask');
    await board().shows(6, 7, 8, 9, 12, 10);
    panel.lamps.show('ready');
    await board().shows(10);
    panel.lamps.show('off');
    await board().shows();
  });

  it('is found again after it was unplugged, with its totals and its lamps', async () => {
    const { panel, board, replug } = await bench();
    panel.lamps.show('ready');
    const causes: string[] = [];
    const failed = new Promise<void>((resolve) =>
      panel.onFailure((cause) => {
        causes.push(cause);
        resolve();
      }),
    );
    await board().press(4);
    await board().unplug();
    await failed;
    const restored = new Promise<void>((resolve) => panel.onRestored(resolve));
    const totals = new Promise<PanelTotals>((resolve) => panel.onTotals(resolve));
    await replug();
    await board().press(2);
    await restored;
    expect(causes[0]).toBe('the panel was unplugged: plug it in again');
    expect(await totals).toMatchObject({ presses: [1, 0, 1, 0, 0], starts: 2, worn: false });
    await board().shows(10);
  });

  it('cannot be opened twice, and the second one says why', async () => {
    const { port } = await bench();
    await expect(openSerialPort({ path: port, baudRate: 57_600, setting: 'MANYI_PANEL_PORT' })).rejects.toThrow(
      `${port} is in use by another program: stop it, or set MANYI_PANEL_PORT to the device's own port`,
    );
  });

  it('tells a press within 20 ms of the pin, in 99 of 100', async ({ skip }) => {
    const { panel, board } = await bench();
    const heard: number[] = [];
    panel.onPress(() => heard.push(now()));
    const closed: number[] = [];
    const lateness = measureLateness(board().pid);
    for (let n = 0; n < presses; n++) closed.push(await board().press(keyPins[n % 5] ?? 2));
    const late = lateness.stop();
    while (heard.length < presses) await passed(10);
    expect(heard).toHaveLength(presses);
    const took = heard.map((at, n) => at - (closed[n] ?? 0));
    const [p50, p99] = [percentile(took, 50), percentile(took, 99)];
    console.log(
      `USB panel, pin to press, of ${presses}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (the machine itself is ${late.toFixed(1)} ms late)`,
    );
    // A machine that is late by itself, as one with much else to do is, says nothing of the panel.
    if (late >= 5) skip(`this machine is ${late.toFixed(1)} ms late by itself`);
    expect(p99).toBeLessThanOrEqual(20 + late);
  });
});
