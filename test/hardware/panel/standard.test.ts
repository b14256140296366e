import { join } from 'node:path';
import { createUsbPanel } from '@manyi/firmware/panel/panel';
import { openSerialPort } from '@manyi/firmware/serial/port';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { makeFolder, removeFolder, temporaryFolder } from '../../support/folder.ts';
import { kept, run } from '../kept.ts';
import { compilePanelProgram, type PanelProgram, plugIn } from './board.ts';

/** Programs of others as they were built for an Uno, out of npm packages that flash them. */
const others = {
  'StandardFirmata 2.4': {
    carrier: 'avrgirl-arduino',
    release: '5.0.1',
    hex: 'package/junk/hex/uno/StandardFirmata.cpp.hex',
  },
  'a program made of StandardFirmata 2.5': {
    carrier: 'node-pixel',
    release: '0.11.0',
    hex: 'package/firmware/bin/firmata/uno/node_pixel_firmata.ino.hex',
  },
} as const;

function fetched({ carrier, release, hex }: (typeof others)[keyof typeof others]): string {
  const folder = kept(`${carrier}-${release}`, (begun) => {
    run(begun, 'npm', 'pack', `${carrier}@${release}`);
    run(begun, 'tar', '-xzf', `${carrier}-${release}.tgz`, hex);
  });
  return join(folder, hex);
}

const folder = makeFolder();
let ours: PanelProgram;
beforeAll(() => {
  ours = compilePanelProgram(folder);
  for (const other of Object.values(others)) fetched(other);
});
afterAll(() => removeFolder(folder));

it.each(Object.keys(others) as (keyof typeof others)[])(
  'a board with %s works too: keys and lamps, without totals',
  async (name) => {
    const place = temporaryFolder();
    const port = join(place, 'tty');
    const board = await plugIn({ hex: fetched(others[name]), board: ours.board }, port, join(place, 'eeprom'));
    onTestFinished(() => board.unplug());
    const panel = createUsbPanel(
      () => openSerialPort({ path: port, baudRate: 57_600, setting: 'MANYI_PANEL_PORT' }),
      () => performance.now(),
    );
    onTestFinished(panel.close);
    const heard: number[] = [];
    const trouble: string[] = [];
    panel.onPress((key) => heard.push(key));
    panel.onFailure((cause) => trouble.push(cause));
    panel.onTotals(() => trouble.push('totals'));

    // Lit once it has been greeted, and from then on its keys are told.
    panel.lamps.show('ask');
    await board.shows(6, 7, 8, 9, 12, 10);
    // A busy machine may be too slow at its first greeting.
    trouble.splice(0);
    // Such a board says no times: what a busy machine reads in one breath is no press. So each is as long as it takes.
    const pressed = async (pin: number) => {
      const before = heard.length;
      board.hold(pin);
      while (heard.length === before && trouble.length === 0) await passed(10);
      board.free(pin);
      await passed(300);
    };
    for (const pin of [2, 3, 4, 5, 11]) await pressed(pin);
    expect([heard, trouble]).toEqual([[0, 1, 2, 3, 4], []]);

    // A lamp of the same port is written while a key is down: its pull-up has to stay on.
    board.hold(3);
    while (heard.length < 6) await passed(10);
    panel.lamps.show('off');
    await board.shows();
    board.free(3);
    await passed(100);
    for (const pin of [2, 3]) await pressed(pin);
    expect(heard.slice(5)).toEqual([1, 0, 1]);
    expect(trouble).toEqual([]);
  },
);

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
