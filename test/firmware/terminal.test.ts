import { closeHardware, openHardware } from '@manyi/firmware/terminal';
import { expect, it } from 'vitest';

const levels = ['good', 'bad'];
const open = (kind: Parameters<typeof openHardware>[0]['MANYI_BUTTONS']) =>
  openHardware({ MANYI_BUTTONS: kind, MANYI_PANEL_PORT: '/dev/no-such-panel' }, levels, () => 0);

it.each(['touch', 'simulated'] as const)('opens and closes a counter with %s keys', (kind) => {
  const hardware = open(kind);
  hardware.lamps.show('ask');
  closeHardware(hardware);
  closeHardware(hardware);
});

it.each(['onoff', 'gpiomon'] as const)('says in one line that the %s driver is still to come', (kind) => {
  expect(() => open(kind)).toThrow(
    `MANYI_BUTTONS=${kind} is wrong: this driver is not part of this version yet, use touch, firmata or simulated`,
  );
});

it('names the port that has no panel, and the setting', async () => {
  const hardware = open('firmata');
  const cause = await new Promise<string>((resolve) => hardware.buttons.onFailure(resolve));
  closeHardware(hardware);
  expect(cause).toBe(
    'there is no /dev/no-such-panel: plug the panel in, or set MANYI_PANEL_PORT to where it is (ls /dev/serial/by-id)',
  );
});
