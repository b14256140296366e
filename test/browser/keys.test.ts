import { expect, test } from 'vitest';
import { browserOfFile } from '../agent/screen/browser.ts';
import { requireDashboard } from './dashboard.ts';
import { furnishedHallOfFile, openAsAdministrator, press } from './furnished.ts';

requireDashboard();
const browser = await browserOfFile();
const hall = await furnishedHallOfFile();

const counted = (satisfied: number, dissatisfied: number) =>
  hall.device.says('manyi.panel.counted.v1', {
    panel: '3fa9c214',
    totals: { 'very-satisfied': 812, satisfied, average: 35, dissatisfied },
  });

test('the drawer of a terminal shows what its keys have told: what never came, and a key that nobody presses', async () => {
  await counted(206, 4);
  for (let n = 0; n < 300; n++) await press(hall.device, { level: 'satisfied' });
  await counted(506, 7);
  const { page, errors } = await openAsAdministrator(browser, hall, '/terminals');
  await page.getByText('“Average” not pressed in 300 ratings').waitFor();
  await page.getByText('3 presses of the panel never came').waitFor();
  await page.getByRole('button', { name: 'Edit: terminal-1' }).click();
  const row = (name: string) => page.getByRole('dialog').getByRole('row', { name }).getByRole('cell').allTextContents();
  expect((await row('Satisfied last')).slice(1)).toEqual(['300', '300', '0']);
  expect((await row('Dissatisfied')).slice(1)).toEqual(['0', '3', '3']);
  await page.getByText('Panel 3fa9c214 compared since').waitFor();
  expect(errors).toEqual([]);
  await page.context().close();
});

test('a panel that was changed is said, in Chinese too', async () => {
  await hall.device.says('manyi.panel.counted.v1', {
    panel: '00000002',
    totals: { 'very-satisfied': 0, satisfied: 0, average: 0, dissatisfied: 0 },
  });
  const { page } = await openAsAdministrator(browser, hall, '/terminals', { locale: 'zh-CN' });
  await page.getByRole('button', { name: '编辑: terminal-1' }).click();
  await page.getByText('当时换过评价器，比对重新开始。').waitFor();
  await page.context().close();
});

test('the button in the drawer has the parts tried, and shows what came of it', async () => {
  const parts = { panel: true, 'badge-reader': true, microphone: true, speaker: true };
  await hall.device.reports({ parts });
  const asked = hall.device.hears('self-test');
  const { page, errors } = await openAsAdministrator(browser, hall, '/terminals');
  await page.getByRole('button', { name: 'Edit: terminal-1' }).click();
  await page.getByText('not tested since the terminal started').waitFor();
  await page.getByRole('button', { name: 'Test the parts' }).click();
  await asked;
  await hall.device.says('manyi.terminal.changed.v1', { part: 'speaker', state: 'failed', detail: 'no plug in it' });
  await hall.device.reports({ parts: { ...parts, speaker: false }, tested: '2026-11-22T01:02:03.000Z' });
  await page.getByText('tested 22 Nov 2026, 09:02:03').waitFor();
  const shown = await page.getByRole('dialog').getByRole('listitem').allTextContents();
  expect(shown.map((text) => text.trim())).toEqual([
    'panel works',
    'badge reader works',
    'microphone works',
    'speaker no plug in it',
  ]);
  expect(errors).toEqual([]);
  await page.context().close();
});
