import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { browserOfFile, openMortalBrowser } from '../agent/screen/browser.ts';
import { openDashboard, requireDashboard, signInAs } from '../browser/dashboard.ts';
import { adminPassword, eventually } from '../support/api.ts';
import { openRoom, purpose, screenOf } from './room.ts';

requireDashboard();
const browser = await browserOfFile();

async function openFloor(url: string, from = browser): Promise<Page> {
  const { page } = await openDashboard(from, url);
  onTestFinished(() => page.context().close());
  await signInAs(page, 'admin', adminPassword);
  return page;
}

test('a browser that is killed while listening: the counter shows nothing at once, others see nobody, and the log says so in both languages', async () => {
  let aheadMs = 0;
  const room = await openRoom({ now: () => Date.now() + aheadMs });
  const screen = await screenOf(await room.terminal());
  const { browser: mortal, kill } = await openMortalBrowser();
  const gone = await openFloor(room.url, mortal);
  await gone.getByRole('button', { name: 'Listen in to 1 号窗口' }).click();
  await gone.getByLabel('Why do you listen in?').fill(purpose);
  await gone.keyboard.press('Enter');
  await gone.getByText('You hear the counter live').waitFor();
  await screen.shows(({ listening }) => listening);

  const other = await openFloor(room.url);
  await other.getByRole('button', { name: 'Listen in to 1 号窗口' }).click();
  const there = other.getByText('Also listening: admin');
  await there.waitFor();
  await kill();
  await screen.shows(({ listening }) => !listening);
  aheadMs = 10_000;
  await there.waitFor({ state: 'detached' });
  const log = await eventually(
    () => room.log(),
    (entries) => entries.length === 2,
  );
  expect(log[1]).toMatchObject({ what: 'listening.end', why: purpose, detail: 'went-away' });
  await other.goto(`${room.url}/audit`);
  const row = other.getByRole('row').filter({ hasText: purpose });
  await row.getByText('the browser went away').waitFor();
  await other.getByRole('button', { name: 'Switch to Chinese: 中文' }).click();
  await row.getByText('浏览器断开').waitFor();
});
