import { join } from 'node:path';
import { createUsbPanel } from '@manyi/firmware/panel/panel';
import { openSerialPort } from '@manyi/firmware/serial/port';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { kept, run } from '../kept.ts';
import { compilePanelProgram, plugIn } from './board.ts';

const carrier = 'avrgirl-arduino';
const release = '5.0.1';
const hex = 'package/junk/hex/uno/StandardFirmata.cpp.hex';

/** StandardFirmata 2.4 as it was built for an Uno, out of an npm package that flashes it. */
function standardFirmata(): string {
  const folder = kept(`standard-firmata-${release}`, (begun) => {
    run(begun, 'npm', 'pack', `${carrier}@${release}`);
    run(begun, 'tar', '-xzf', `${carrier}-${release}.tgz`, hex);
  });
  return join(folder, hex);
}

it('a board with a StandardFirmata that is too old for our keys is told, with what mends it', async () => {
  const place = temporaryFolder();
  const port = join(place, 'tty');
  const { board: simulator } = compilePanelProgram(place);
  const board = await plugIn({ hex: standardFirmata(), board: simulator }, port, join(place, 'eeprom'));
  onTestFinished(() => board.unplug());
  const panel = createUsbPanel(
    () => openSerialPort({ path: port, baudRate: 57_600, setting: 'MANYI_PANEL_PORT' }),
    () => performance.now(),
  );
  onTestFinished(panel.close);
  const cause = await new Promise<string>((resolve) => panel.onFailure(resolve));
  expect(cause).toBe(
    "the board's program (StandardFirmata.ino) has no pull-ups for keys, as StandardFirmata before 2.5: flash firmware/panel onto it",
  );
});
