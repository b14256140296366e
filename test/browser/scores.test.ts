import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../agent/screen/browser.ts';
import { eventually } from '../support/api.ts';
import { requireDashboard } from './dashboard.ts';
import { type FurnishedHall, openAsAdministrator, press, startFurnishedHall } from './furnished.ts';

let browser: Browser;
let hall: FurnishedHall;
let page: Page;
let errors: string[];

beforeAll(async () => {
  requireDashboard();
  browser = await openBrowser();
  hall = await startFurnishedHall();
  ({ page, errors } = await openAsAdministrator(browser, hall, '/'));
});
afterAll(async () => {
  await browser.close();
  await hall.close();
});

/** The names in the table, from the top. */
function names(): Promise<string[]> {
  return page.locator('.scores-table .link-button').allInnerTexts();
}

test('an unprompted rating stands on the floor, apart, and in no figure', async () => {
  const card = page.getByRole('article', { name: 'Counter 1' });
  await card.getByText('0 ratings').waitFor();
  await press(hall.device, { level: 'dissatisfied', unprompted: true });
  await card.getByRole('listitem').filter({ hasText: 'Unprompted: Dissatisfied' }).waitFor();
  await card.getByText(/^0 ratings · 1 apart/).waitFor();
  await page.getByText('Satisfaction · 0 ratings').waitFor();
  const attention = page.getByRole('complementary', { name: /Needs attention · 1/ });
  await attention.getByText('Unprompted: with no service open, in nobody’s score.').waitFor();
  expect(await card.getAttribute('class')).not.toContain('bad');

  await attention.getByRole('link', { name: 'Evidence chain' }).click();
  await page.getByText('Unprompted: outside clerk scores and ranks').waitFor();
});

test('with ratings but none of a clerk, the scores say why and show where they are', async () => {
  await press(hall.device, { level: 'satisfied', clerk: null });
  await press(hall.device, { level: 'satisfied', clerk: null });
  await eventually(
    () => hall.api.get<{ items: unknown[] }>('/ratings'),
    ({ items }) => items.length === 3,
  );
  await page.getByRole('link', { name: 'Scores' }).click();
  await page.getByText('No rating of this range belongs to a clerk').waitFor();
  await page.getByText(/^2 ratings came with no clerk on duty/).waitFor();
  await page.getByRole('link', { name: 'Give out badges' }).waitFor();
  await page.getByRole('button', { name: 'See them by counter' }).click();
  await page.getByRole('row', { name: /Counter 1.*100\.0%/ }).waitFor();
  await page.getByText('1 unprompted, kept apart').waitFor();
});

test('sites stand side by side', async () => {
  await page.locator('.ant-segmented-item').filter({ hasText: 'Site' }).click();
  await page.getByRole('row', { name: /Hongkou.*100\.0%/ }).waitFor();
  await page.waitForURL('**by=site**');
});

test('what rests on a few ratings stands last, whichever way one sorts', async () => {
  for (let number = 0; number < 3; number++) await press(hall.device, { level: 'very-satisfied', clerk: 'C0018' });
  for (let number = 0; number < 12; number++) {
    await press(hall.device, { level: number < 11 ? 'satisfied' : 'dissatisfied', clerk: 'C0017' });
  }
  await eventually(
    () => hall.api.get<{ items: unknown[] }>('/ratings'),
    ({ items }) => items.length === 18,
  );
  await page.goto(`${hall.http}/scores?by=clerk`);
  await page.getByText('2 ratings came with no clerk on duty').waitFor();
  expect(await names()).toEqual(['林晓雯', '张伟']);
  const head = page.getByRole('columnheader', { name: /^Satisfaction/ });
  for (const direction of ['ascending', 'descending']) {
    await head.focus();
    await page.keyboard.press('Enter');
    await page.locator(`th[aria-sort=${direction}]`, { hasText: 'Satisfaction' }).waitFor();
    expect(await names()).toEqual(['林晓雯', '张伟']);
  }
  await page.getByText(/^What rests on fewer than 10 ratings/).waitFor();
});

test('a rating is set aside with a reason, leaves the scores, and comes back', async () => {
  const { items } = await hall.api.get<{ items: { service: string }[] }>('/ratings?level=dissatisfied&clerk=C0017');
  await page.goto(`${hall.http}/services/${items[0]?.service}`);
  await page.getByRole('button', { name: 'Set aside' }).click();
  const form = page.getByRole('dialog', { name: 'Set aside' });
  await form.getByRole('radio', { name: /^not the clerk/ }).check();
  await form.getByLabel('What you found').fill('the system was down');
  await form.getByRole('button', { name: 'Set aside' }).click();
  await page.getByText('not the clerk’s fault · the system was down · by admin').waitFor();
  await page.getByText('Set aside: out of the score by a decision').waitFor();
  const score = async () => {
    await page.goto(`${hall.http}/scores`);
    return page
      .getByRole('row', { name: /林晓雯/ })
      .getByRole('img')
      .getAttribute('aria-label');
  };
  expect(await score()).toMatch(/^100\.0%.* 11 ratings$/);

  await page.goBack();
  await page.getByRole('button', { name: 'Take back in' }).click();
  await page.getByLabel('What you found').fill('it was not');
  await page.getByRole('dialog').getByRole('button', { name: 'Take back in' }).click();
  await page.getByText('Rating taken back in').waitFor();
  expect(await score()).toMatch(/^91\.7%.* 12 ratings$/);
});

test('participation and interval are explained in a sentence, also to a keyboard', async () => {
  await page.goto(`${hall.http}/scores`);
  const tip = (words: string) => page.getByRole('tooltip').filter({ hasText: words });
  await page
    .getByRole('columnheader', { name: /^Participation/ })
    .getByRole('button')
    .focus();
  await tip('unknown (—) where customers are not called').waitFor();
  await page
    .getByRole('columnheader', { name: /^Satisfaction/ })
    .getByRole('button')
    .focus();
  await tip('the fewer ratings, the longer the line').waitFor();
  await page.keyboard.press('Enter');
  expect(await page.locator('th[aria-sort=ascending]').allInnerTexts()).toEqual(['Rank']);
});

test('any days can be chosen', async () => {
  await page.locator('.ant-segmented-item').filter({ hasText: 'Any range' }).click();
  await page.waitForURL('**range=custom**');
  await page.goto(`${hall.http}/scores?range=custom&from=2020-02-01&to=2020-02-03`);
  await page.getByText('No ratings in this range').waitFor();
  expect(await page.locator('.ant-picker-range input').first().inputValue()).toBe('2020-02-01');
});

test('no page made an error', () => {
  expect(errors).toEqual([]);
});
