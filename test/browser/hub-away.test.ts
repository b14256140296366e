import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../agent/screen/browser.ts';
import { adminPassword, signIn } from '../support/api.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { type Hall, openDashboard, requireDashboard, signInAs, startHall } from './dashboard.ts';

let browser: Browser;
let data: string;
let hall: Hall;

beforeAll(async () => {
  requireDashboard();
  browser = await openBrowser();
  data = makeFolder();
  hall = await startHall({ adminPassword, data });
  const api = await signIn(hall.http);
  await api.post('/sites', { id: 'hongkou', name: 'Hongkou' });
  await api.post('/counters', { id: 'counter-1', site: 'hongkou', name: 'Counter 1' });
});
afterAll(async () => {
  await browser.close();
  await hall.close();
  removeFolder(data);
});

/** After so long a list has been read again, with the tries that a lost connection takes. */
const readAgainMs = 25_000;

async function open(path: string): Promise<Page> {
  const { page } = await openDashboard(browser, `${hall.http}${path}`);
  await signInAs(page, 'admin', adminPassword);
  return page;
}

/** The same hub, at the same address. */
async function startAgain(): Promise<void> {
  hall = await startHall({ data, httpPort: Number(new URL(hall.http).port) });
}

test('a floor whose hub is gone says that it is stale, and catches up by itself', async () => {
  const page = await open('/');
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor();

  await hall.close();
  await page.getByText('connection lost, reconnecting…').waitFor();
  await page.getByText(/^The live stream is interrupted\. What you see is from \d\d:\d\d:\d\d/).waitFor();

  await startAgain();
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
  await (await signIn(hall.http)).post('/counters', { id: 'counter-2', site: 'hongkou', name: 'Counter 2' });
  await page.getByRole('article', { name: 'Counter 2' }).waitFor();
  await page.context().close();
});

test('any other page keeps what it knew, says that the hub is away, and goes on by itself', async () => {
  const page = await open('/terminals/counters');
  const row = page.getByRole('cell', { name: 'counter-1', exact: true });
  await row.waitFor();
  await hall.close();
  await page.getByRole('button', { name: 'Edit: Counter 1' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Counter One');
  await page.getByRole('button', { name: 'Save' }).click();
  const away = page.getByRole('alert').filter({ hasText: 'The hub does not answer' });
  await page.getByRole('dialog').getByRole('alert').getByText('reaches it. Then try again.').waitFor();
  await away.first().waitFor();
  expect(await row.count()).toBe(1);

  await startAgain();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Counter One', exact: true }).waitFor();
  await away.first().waitFor({ state: 'detached' });
  await page.context().close();
});

test('a list that is read again and again says from when it is while it cannot be', async () => {
  const page = await open('/cases');
  await page.getByText('No open cases').waitFor();
  await page.clock.install();
  await page.reload();
  await page.getByText('No open cases').waitFor();
  await hall.close();
  await page.clock.runFor(readAgainMs);
  const away = page.getByRole('alert').filter({ hasText: 'The hub does not answer' });
  await away.getByText(/The page goes on trying by itself\. What stands here was read at \d\d:\d\d:\d\d\.$/).waitFor();
  expect(await page.getByText('No open cases').count()).toBe(1);

  await startAgain();
  await page.clock.runFor(readAgainMs);
  await away.waitFor({ state: 'detached' });
  await page.context().close();
});

test('a page that was never opened before says that the hub is away, and opens by itself', async () => {
  const page = await open('/terminals/counters');
  await page.getByRole('cell', { name: 'counter-1', exact: true }).waitFor();
  await hall.close();
  await page.getByRole('link', { name: 'Scores' }).click();
  await page.getByRole('alert').filter({ hasText: 'The hub does not answer' }).waitFor();
  expect(await page.getByText('This page failed').count()).toBe(0);

  await startAgain();
  await page.getByRole('heading', { name: 'Scores' }).waitFor();
  await page.context().close();
});

test('what takes long says so after two seconds', async () => {
  const page = await open('/people');
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/api/v1/users?*', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('tab', { name: 'Users' }).click();
  await page.getByText('Still reading: the hub is taking its time.').waitFor();
  answer();
  await page.getByRole('cell', { name: 'admin', exact: true }).waitFor();
  await page.context().close();
});
