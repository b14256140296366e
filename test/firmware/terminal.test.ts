import { agentSettings, readSettings } from '@manyi/config/settings';
import { closeHardware, openHardware } from '@manyi/firmware/terminal';
import { expect, it } from 'vitest';

const levels = ['good', 'bad'];
type Kind = Parameters<typeof openHardware>[0]['MANYI_BUTTONS'];
const settings = (kind: Kind) => ({
  ...readSettings(agentSettings, {}),
  MANYI_BUTTONS: kind,
  MANYI_PANEL_PORT: '/dev/no-such-panel',
});
const open = (kind: Kind) => openHardware(settings(kind), levels, () => 0);

it.each(['touch', 'simulated'] as const)('opens and closes a counter with %s keys', (kind) => {
  const hardware = open(kind);
  hardware.lamps.show('ask');
  closeHardware(hardware);
  closeHardware(hardware);
});

it.each(['onoff', 'gpiomon'] as const)('does not open %s keys without their pins', (kind) => {
  expect(() => open(kind)).toThrow(
    `MANYI_BUTTON_PINS is missing: MANYI_BUTTONS=${kind} needs the keys' GPIO numbers, best level first`,
  );
});

it('says which chips there are when none is a header', async () => {
  const hardware = openHardware(
    { ...settings('onoff'), MANYI_BUTTON_PINS: [17, 27], MANYI_GPIO_CHIP: 'no-such-chip' },
    levels,
    () => 0,
  );
  const cause = await new Promise<string>((resolve) => hardware.buttons.onFailure(resolve));
  closeHardware(hardware);
  expect(cause).toMatch(
    /^(this kernel has no \/sys\/class\/gpio: set MANYI_BUTTONS=gpiomon|no GPIO chip no-such-chip)/,
  );
});

it.each([
  [2, 24, "MANYI_CLERK_PIN is 24, but the clerk's key of a USB panel is at D4 or D5 or D11: set it so"],
  [2, 3, "MANYI_CLERK_PIN is 3, but the clerk's key of a USB panel is at D4 or D5 or D11: set it so"],
  [5, 11, 'MANYI_CLERK_PIN is 11, but a USB panel with 5 levels has no key left for the clerk: leave it empty'],
])('finds no key for the clerk, beside %i levels, at D%i of a USB panel', async (count, pin, says) => {
  const faces = Array.from({ length: count }, (_, n) => `level-${n}`);
  const hardware = openHardware({ ...settings('firmata'), MANYI_CLERK_PIN: pin }, faces, () => 0);
  const cause = await new Promise<string>((resolve) => hardware.buttons.onFailure(resolve));
  closeHardware(hardware);
  expect(cause).toBe(says);
});

it('names the port that has no panel, and the setting', async () => {
  const hardware = open('firmata');
  const cause = await new Promise<string>((resolve) => hardware.buttons.onFailure(resolve));
  closeHardware(hardware);
  expect(cause).toBe(
    'there is no /dev/no-such-panel: plug the device in, or set MANYI_PANEL_PORT to where it is (ls /dev/serial/by-id)',
  );
});
