import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScreenView } from '@manyi/agent/screen/view';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/api.ts';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { drained, openHall } from '../../support/hall.ts';
import { recordsOf } from '../../support/records.ts';
import { compilePanelProgram, type PanelProgram, plugIn } from './board.ts';

const folder = makeFolder();
const [port, eeprom] = [join(folder, 'tty'), join(folder, 'eeprom')];
let program: PanelProgram;
beforeAll(() => {
  program = compilePanelProgram(folder);
});
afterAll(() => removeFolder(folder));

const faces = [6, 7, 8, 9, 12];
const badgeLamp = 10;

it('is a terminal: the compiled agent, the compiled panel, and a hub', async () => {
  let board = await plugIn(program, port, eeprom);
  onTestFinished(() => board.unplug());
  const hall = await openHall({ counters: 1 });
  onTestFinished(() => hall.close());
  const panelSettings = { MANYI_BUTTONS: 'firmata', MANYI_PANEL_PORT: port, MANYI_INVITATION_SECONDS: '600' };
  const agent = await hall.terminal(1, panelSettings);
  const records = () => recordsOf(hall.hub.database);
  const counted = () =>
    records()
      .filter(({ type }) => type === 'manyi.panel.counted.v1')
      .map(({ data }) => data);
  const changes = () =>
    records()
      .filter(({ type, data }) => type === 'manyi.terminal.changed.v1' && data['part'] === 'panel')
      .map(({ data }) => [data['state'], data['detail']]);
  const serving = async (does: 'next' | 'invite', phase: ScreenView['phase']) => {
    const screen = await agent.stepUp();
    await screen.does({ type: does });
    await screen.shows((view) => view.phase === phase);
    screen.close();
  };

  // Named and read at the first start.
  await eventually(
    async () => counted().length,
    (count) => count === 1,
  );
  expect(counted()[0]).toMatchObject({ counter: 'counter-1', totals: { 'very-satisfied': 0, dissatisfied: 0 } });

  // A resting panel, an invitation, and a press that is a rating.
  await board.shows(badgeLamp);
  await serving('next', 'serving');
  await serving('invite', 'invitation');
  await board.shows(...faces, badgeLamp);
  await board.press(3);
  await eventually(
    async () =>
      records()
        .filter(({ type }) => type === 'manyi.rating.given.v1')
        .map(({ data }) => data['level']),
    (levels) => levels.join() === 'satisfied',
  );

  // The plug is pulled, and put back: the terminal says so, and goes on.
  await board.unplug();
  await eventually(
    async () => changes().length,
    (count) => count >= 1,
  );
  expect(changes()[0]).toEqual(['failed', 'the panel was unplugged: plug it in again']);
  board = await plugIn(program, port, eeprom);
  await eventually(
    async () => changes().at(-1)?.[0],
    (state) => state === 'restored',
  );
  await eventually(
    async () => counted().length,
    (count) => count === 2,
  );
  await board.shows(badgeLamp);
  await serving('next', 'serving');
  await board.press(5);
  await eventually(
    async () =>
      records()
        .filter(({ type }) => type === 'manyi.rating.given.v1')
        .map(({ data }) => data['level']),
    (levels) => levels.join() === 'satisfied,dissatisfied',
  );

  // Pressed while the agent was dead: the panel has counted it, and tells when somebody is there to hear.
  await agent.kill();
  await board.press(2);
  await passed(100);
  await board.press(2);
  await agent.start(panelSettings);
  await eventually(
    async () => counted().length,
    (count) => count === 3,
  );
  expect(counted()[2]).toMatchObject({
    panel: counted()[0]?.['panel'],
    totals: { 'very-satisfied': 2, satisfied: 1, average: 0, dissatisfied: 1 },
  });
  await drained(agent);
});

it('tells the hub of a key that stays down, and when it is free again', { timeout: 180_000 }, async () => {
  const place = makeFolder();
  onTestFinished(() => removeFolder(place));
  const board = await plugIn(program, join(place, 'tty'), join(place, 'eeprom'));
  onTestFinished(() => board.unplug());
  const hall = await openHall({ counters: 1 });
  onTestFinished(() => hall.close());
  const agent = await hall.terminal(1, { MANYI_BUTTONS: 'firmata', MANYI_PANEL_PORT: join(place, 'tty') });
  const changes = () =>
    recordsOf(hall.hub.database)
      .filter(({ type, data }) => type === 'manyi.terminal.changed.v1' && data['part'] === 'panel')
      .map(({ data }) => [data['state'], data['detail']]);
  await board.shows(badgeLamp);
  board.hold(4);
  // A real minute: the agent is a program of its own.
  for (let waited = 0; changes().length === 0 && waited < 90; waited++) await passed(1_000);
  board.free(4);
  await eventually(
    async () => changes().map(([state]) => state),
    (states) => states.at(-1) === 'restored',
  );
  expect(changes().map(([state]) => state)).toEqual(['failed', 'restored']);
  expect(changes()[0]?.[1]).toBe(
    'the key at D4 of the panel has been down for a minute: free it, or look for a short in its wiring',
  );
  await drained(agent);
});

it('rests at no more than 2 % of one core, with keys, lamps and a badge reader open', async () => {
  const place = makeFolder();
  onTestFinished(() => removeFolder(place));
  const board = await plugIn(program, join(place, 'tty'), join(place, 'eeprom'));
  onTestFinished(() => board.unplug());
  const reader = spawn(
    'socat',
    [`pty,raw,echo=0,link=${join(place, 'reader')}`, `pty,raw,echo=0,link=${join(place, 'far')}`],
    { stdio: 'ignore' },
  );
  onTestFinished(() => void reader.kill());
  const hall = await openHall({ counters: 1 });
  onTestFinished(() => hall.close());
  const agent = await hall.terminal(1, {
    MANYI_BUTTONS: 'firmata',
    MANYI_PANEL_PORT: join(place, 'tty'),
    MANYI_BADGE_READER: 'serial',
    MANYI_BADGE_PORT: join(place, 'reader'),
  });
  await board.shows(badgeLamp);
  await drained(agent);
  const { pid } = agent.program();
  await passed(5_000);
  const [before, begun] = [coreSeconds(pid), performance.now()];
  await passed(20_000);
  const share = (coreSeconds(pid) - before) / ((performance.now() - begun) / 1000);
  console.log(`agent at rest: ${(100 * share).toFixed(2)} % of one core`);
  expect(share).toBeLessThanOrEqual(0.02);
});

/** What a process has used of processors so far, in seconds. The system counts in hundredths. */
function coreSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return ((user ?? 0) + (system ?? 0)) / 100;
}

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
