import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { browserOfFile, openPage, rest, scan } from '../agent/screen/browser.ts';
import { openDashboard, requireDashboard, signInAs } from '../browser/dashboard.ts';
import { adminPassword, eventually } from '../support/api.ts';
import { clerk, openHall } from '../support/hall.ts';
import { allRatings } from '../support/records.ts';

/* Hub and agent as they run in production, and a person at each of the two screens. */

requireDashboard();
const browser = await browserOfFile();

test('a badge, a call and a press on the counter screen move the floor and the scores, without a reload', {
  timeout: 120_000,
}, async () => {
  const hall = await openHall();
  const agent = await hall.terminal(1);
  const dashboard = await openDashboard(browser, hall.hub.url);
  const counter = await openPage(browser, agent.address);
  onTestFinished(() => Promise.all([counter, dashboard].map(({ page }) => page.context().close())).then(() => {}));
  const { page } = dashboard;
  await signInAs(page, 'admin', adminPassword);
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
  await page.evaluate(() => document.documentElement.setAttribute('data-loaded', 'once'));
  const card = page.getByRole('article', { name: '1 号窗口 Counter 1' });

  await scan(counter.page, clerk.badge);
  await counter.page.getByText(clerk.name).waitFor();
  await card.getByText(clerk.name).waitFor();
  await rate(counter.page, '非常满意 Very satisfied');
  await card.getByRole('listitem').filter({ hasText: 'Very satisfied' }).waitFor();
  await page.getByText('Satisfaction · 1 rating').waitFor();
  await end(counter.page);

  await rate(counter.page, '不满意 Dissatisfied');
  const attention = page.getByRole('complementary', { name: /Needs attention · 1/ });
  await attention.getByText('1 号窗口 Counter 1 · Dissatisfied').waitFor();
  await page.getByText('Satisfaction · 2 ratings').waitFor();
  await end(counter.page);

  await page.clock.install();
  await page.getByRole('link', { name: 'Scores' }).click();
  const row = page.getByRole('row', { name: clerk.name });
  await row.getByRole('img', { name: /^50\.0%, .* 2 ratings$/ }).waitFor();
  await rate(counter.page, '满意 Satisfied');
  await eventually(
    () => allRatings(hall.hub.api()),
    ({ length }) => length === 3,
  );
  // The page reads its table again every half minute.
  await page.clock.fastForward(31_000);
  await row.getByRole('img', { name: /^66\.7%, .* 3 ratings$/ }).waitFor();

  expect(await page.evaluate(() => document.documentElement.getAttribute('data-loaded'))).toBe('once');
  expect([...counter.errors, ...dashboard.errors]).toEqual([]);
});

/** The clerk calls a customer, who touches a face. */
async function rate(page: Page, face: string): Promise<void> {
  await rest(page);
  await page.keyboard.press('F2');
  await phase(page, 'serving');
  await page.getByRole('button', { name: face }).tap();
}

/** The clerk ends the service. The next customer is not called before the page of this one has gone. */
async function end(page: Page): Promise<void> {
  await page.keyboard.press('F8');
  await phase(page, 'idle');
}

const phase = (page: Page, name: string) => page.locator(`body[data-phase=${name}]`).waitFor();
