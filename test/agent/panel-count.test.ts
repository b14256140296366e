import { join } from 'node:path';
import type { State } from '@manyi/agent/service/state';
import type { Terminal } from '@manyi/config/api';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { openHall } from '../support/hall.ts';
import { usbPanel } from './usb-panel.ts';

test('what was pressed at the panel while the agent was dead the hub knows of, and nothing else is missing', async () => {
  const { port, press, greet } = await usbPanel();
  const hall = await openHall({ counters: 1, mode: 'continuous' });
  const settings = { MANYI_BUTTONS: 'firmata', MANYI_PANEL_PORT: port, MANYI_LOCKOUT_SECONDS: '5' };
  const agent = await hall.terminal(1, settings);
  const keys = async () => (await hall.hub.api().get<Terminal>('/terminals/terminal-1')).keys;
  const figures = async () => (await keys())?.keys.map(({ heard, counted, unheard }) => [heard, counted, unheard]);
  const show = (expected: unknown) => eventually(figures, (now) => JSON.stringify(now) === JSON.stringify(expected));
  await eventually(keys, (known) => known?.panel?.begun === 'first');
  // A rating, and two presses more that wait in a sum for the quiet after it.
  await press(5);
  await press(5);
  await press(5);
  await eventually(
    async () => stateIn(agent.folder),
    ({ repeats }) => repeats?.presses['dissatisfied'] === 2,
  );
  await agent.kill();
  await press(2);
  await press(2);
  await press(5);
  await agent.start(settings);
  await show([
    [0, 2, 2],
    [0, 0, 0],
    [0, 0, 0],
    [3, 4, 1],
  ]);
  // A customer at the screen is none of those whom the panel has counted.
  const screen = await agent.stepUp();
  await screen.does({ type: 'press', level: 'dissatisfied' });
  screen.close();
  greet();
  await show([
    [0, 2, 2],
    [0, 0, 0],
    [0, 0, 0],
    [4, 4, 1],
  ]);
  expect((await keys())?.panel?.begun).toBe('first');
});

/** What the rules of a terminal have on the disk. */
function stateIn(folder: string): State {
  const outbox = new Sqlite(join(folder, 'terminal', 'outbox.db'), { readonly: true });
  try {
    return JSON.parse(String(outbox.prepare('SELECT state FROM terminal').pluck().get()));
  } finally {
    outbox.close();
  }
}
