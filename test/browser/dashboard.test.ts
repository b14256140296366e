import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserOfFile } from '../agent/screen/browser.ts';
import { adminPassword, signIn } from '../support/api.ts';
import { type Hall, openDashboard, requireDashboard, signInAs, startHall } from './dashboard.ts';
import { type Device, enrolDevice } from './terminal.ts';

requireDashboard();
const browser = await browserOfFile();

describe('from the set-up link to the first rating, all in the browser', () => {
  let hall: Hall;
  let page: Page;
  let errors: string[];
  let device: Device;
  const duty = randomUUID();
  const clerk = 'C0017';

  beforeAll(async () => {
    hall = await startHall();
    ({ page, errors } = await openDashboard(browser, hall.setupLink ?? ''));
  });
  afterAll(async () => {
    await page.context().close();
    await hall.close();
  });

  test('the one-time link makes the first administrator and signs in', async () => {
    await page.getByLabel('New password').fill('a short sentence');
    await page.getByLabel('Repeat the password').fill('another sentence');
    await page.getByRole('button', { name: 'Create the administrator' }).click();
    await page.getByText('The two passwords differ.').waitFor();
    await page.getByLabel('Repeat the password').fill('a short sentence');
    await page.getByRole('button', { name: 'Create the administrator' }).click();
    await page.getByText('No sites yet').waitFor();
    expect(await page.title()).toContain('Live floor');
  });

  test('a site, a counter and a clerk are added', async () => {
    await page.getByRole('link', { name: 'Add a site' }).click();
    await page.getByRole('button', { name: 'Add a site' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Zhongshan Road');
    await page.getByLabel('Id', { exact: true }).fill('Zhongshan');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.ant-form-item-explain-error', { hasText: 'Lower-case letters' }).waitFor();
    await page.getByLabel('Id', { exact: true }).fill('zhongshan');
    await page.getByRole('radio', { name: /^Called/ }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'Zhongshan Road', exact: true }).waitFor();

    await page.getByRole('link', { name: 'Terminals' }).click();
    await page.getByRole('tab', { name: 'Counters' }).click();
    await page.getByRole('button', { name: 'Add a counter' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Counter 1');
    await page.getByLabel('Id', { exact: true }).fill('counter-1');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'counter-1', exact: true }).waitFor();

    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('tab', { name: 'Import' }).click();
    await page.getByLabel('or paste the lines here').fill(`id,name,number\n${clerk},林晓雯,0017\nnot an id,Nobody,1`);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('1 added').waitFor();
    await page.getByText('1 refused').waitFor();
    await page.getByRole('tab', { name: 'Clerks' }).click();
    await page.getByRole('cell', { name: '林晓雯', exact: true }).waitFor();
  });

  test('the code on the page enrols a device, which shows up as online', async () => {
    await page.getByRole('link', { name: 'Terminals' }).click();
    await page.getByRole('button', { name: 'Enrol a terminal' }).click();
    await page.getByRole('combobox', { name: 'Counter' }).click();
    await page.locator('.ant-select-item-option').filter({ hasText: 'Counter 1' }).click();
    expect(await page.getByLabel('Terminal id').inputValue()).toBe('terminal-1');
    await page.getByRole('button', { name: 'Make the code' }).click();
    const code = (await page.locator('.big-code').textContent()) ?? '';
    device = await enrolDevice(hall.http, code);
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /terminal-1.*online/ }).waitFor();
  });

  test('the floor says how to make the first rating, and shows it without a reload', async () => {
    await page.getByRole('link', { name: 'Live floor' }).click();
    await page.getByText('The floor is ready for its first rating').waitFor();
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
    const card = page.getByRole('article', { name: 'Counter 1' });
    await device.says('manyi.duty.started.v1', { duty, clerk });
    await card.getByText('林晓雯').waitFor();
    await rate('very-satisfied');
    await card.getByText('100.0%').waitFor();
    await card.getByRole('listitem').filter({ hasText: 'Very satisfied' }).waitFor();
    await page.getByText('Satisfaction · 1 rating').waitFor();
    await page.getByText('The floor is ready for its first rating').waitFor({ state: 'detached' });
  });

  test('a bad rating calls for attention, and leads to its evidence chain', async () => {
    await page.getByText('Nothing needs you now').waitFor();
    await rate('dissatisfied');
    const attention = page.getByRole('complementary', { name: /Needs attention · 1/ });
    await attention.getByText('Counter 1 · Dissatisfied').waitFor();
    await attention.getByText('林晓雯').waitFor();
    await attention.getByRole('link', { name: 'Evidence chain' }).click();
    await page.getByRole('heading', { name: 'Evidence chain' }).waitFor();
    const steps = page.locator('.chain > li b');
    const opened = 'Case opened';
    await steps.filter({ hasText: opened }).waitFor();
    const others = (await steps.allInnerTexts()).filter((title) => title !== opened);
    expect(others).toEqual(['Service started', 'Rating given', 'Service ended']);
    await page.getByText(/invited by the clerk · .* after the invitation opened/).waitFor();
  });

  test('the scores count both, and say that two are not enough to rank', async () => {
    await page.getByRole('link', { name: 'Scores' }).click();
    const row = page.getByRole('row', { name: /林晓雯/ });
    await row.getByText('50.0%').first().waitFor();
    await row.getByText('Not enough ratings').waitFor();
    await row.getByRole('img', { name: '50.0%, interval 9.5% to 90.5%, 2 ratings' }).waitFor();
    await page.locator('.chart-drawing svg').waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(saved.suggestedFilename()).toMatch(/^scores-zhongshan-by-clerk-.*\.csv$/);
    await row.getByRole('button', { name: '林晓雯' }).click();
    await page.getByRole('dialog').getByText('Dissatisfied').waitFor();
  });

  test('what cannot be understood shows up in quarantine, with its words', async () => {
    await device.sends('<html>not an event</html>');
    await page.goto(`${hall.http}/terminals/quarantine`);
    await page.getByRole('cell', { name: /^not JSON/ }).waitFor();
    await page.getByRole('button', { name: 'Expand row' }).click();
    await page.getByText('<html>not an event</html>').waitFor();
    await page.getByRole('tab', { name: 'Terminals' }).click();
    await page.getByRole('row', { name: /terminal-1.*1 in quarantine/ }).waitFor();
  });

  test('a dead terminal is told at once', async () => {
    await page.getByRole('link', { name: 'Live floor' }).click();
    const card = page.getByRole('article', { name: 'Counter 1' });
    await card.getByText('online').waitFor({ state: 'attached' });
    await device.dies();
    await card.getByText(/offline/).waitFor();
    await page.getByText('Counter 1: terminal offline').waitFor();
  });

  test('no page made an error', () => {
    expect(errors).toEqual([]);
  });

  async function rate(level: string): Promise<void> {
    const service = { service: randomUUID(), duty, clerk };
    await device.says('manyi.service.started.v1', { ...service, startedBy: 'next' });
    await device.says('manyi.rating.given.v1', { ...service, level, invitedBy: 'clerk', pressedAfterMs: 2310 });
    await device.says('manyi.service.ended.v1', { ...service, outcome: 'rated', invitedBy: 'clerk' });
  }
});

describe('signing in and out', () => {
  let hall: Hall;

  beforeAll(async () => {
    hall = await startHall({ adminPassword });
  });
  afterAll(() => hall.close());

  test('a wrong password is refused in words, the right one leads back to where one wanted to go', async () => {
    const { page } = await openDashboard(browser, `${hall.http}/people/sites`);
    await signInAs(page, 'admin', 'not the password');
    await page.getByRole('alert').filter({ hasText: 'User name or password is wrong.' }).waitFor();
    await signInAs(page, 'admin', adminPassword);
    await page.waitForURL('**/people/sites');
    await page.getByRole('heading', { name: 'People' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${hall.http}/scores`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.context().close();
  });

  test('the language is the browser’s, and a choice is kept', async () => {
    const { page } = await openDashboard(browser, hall.http, { locale: 'zh-CN' });
    await page.getByRole('heading', { name: '登录' }).waitFor();
    await page.getByRole('button', { name: /English/ }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.context().close();
  });

  test('an address that leads nowhere says so', async () => {
    const { page } = await openDashboard(browser, `${hall.http}/nowhere`);
    await signInAs(page, 'admin', adminPassword);
    await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor({ state: 'attached' });
    await page.getByRole('link', { name: 'To the live floor' }).click();
    await page.getByText('No sites yet').waitFor();
    await page.context().close();
  });

  test('a supervisor sees no way to change anything', async () => {
    const api = await signIn(hall.http);
    await api.post('/sites', { id: 'hongkou', name: 'Hongkou' });
    await api.post('/users', {
      username: 'wang',
      name: 'Wang',
      role: 'supervisor',
      sites: ['hongkou'],
      password: 'supervise-me',
    });
    const { page } = await openDashboard(browser, `${hall.http}/people`);
    await signInAs(page, 'wang', 'supervise-me');
    await page.getByText('No clerks at this site yet').waitFor();
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Clerks', 'Badges', 'Sites']);
    expect(await page.getByRole('button', { name: 'Add a clerk' }).count()).toBe(0);
    await page.context().close();
  });
});
