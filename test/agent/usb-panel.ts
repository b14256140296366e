import { spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { badgeLampPin, faceLampPins } from '@manyi/firmware/panel/wiring';
import { onTestFinished } from 'vitest';
import { compilePanel, powerUp } from '../firmware/panel/chip.ts';
import { bringToLife } from '../firmware/panel/live-chip.ts';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';

/** The panel's own program on a simulated chip, at the end of a serial port; it runs on while nobody has the port open. */
export async function usbPanel() {
  const port = join(temporaryFolder(), 'tty');
  const chip = powerUp(compilePanel());
  const live = bringToLife(chip);
  const far = await live.open();
  const socat = spawn('socat', [`pty,raw,echo=0,link=${port}`, '-'], { stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => {
    live.stop();
    socat.kill();
  });
  far.on('data', (bytes) => socat.stdin.write(bytes));
  socat.stdout.on('data', (bytes: Buffer) => far.write(bytes, () => {}));
  await eventually(async () => existsSync(port), Boolean);
  // With its last user gone, the line would hang up.
  const held = openSync(port, constants.O_RDWR | constants.O_NOCTTY);
  onTestFinished(() => closeSync(held));
  const lit = () => [...faceLampPins, badgeLampPin].filter(chip.isLit);
  /** Presses as people do, who let go of a key for longer than a contact bounces. */
  const press = async (pin: number) => {
    await live.press(pin);
    await live.passed(100);
  };
  /** The panel says who it is, as when it has started anew. */
  const greet = () => chip.send([0xf0, 0x79, 0xf7]);
  return { port, press, lit, greet };
}
