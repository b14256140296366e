import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../agent/screen/browser.ts';

/** Takes the pictures of the README anew from a running demo: its dashboard's address, its password, and one of its counter screens. */
const [dashboard = 'http://127.0.0.1:8080', password = '', counter = 'http://127.0.0.1:8091'] = process.argv.slice(2);
const folder = join(import.meta.dirname, '../../../.pictures');

async function open(browser: Browser, address: string, width: number, height: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

const take = (page: Page, name: string) => page.screenshot({ path: join(folder, `${name}.png`), caret: 'hide' });

async function takeDashboard(browser: Browser): Promise<void> {
  const page = await open(browser, dashboard, 1440, 940);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.counter').first().waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Evidence chain' }).first().waitFor();
  await take(page, 'floor');

  await page.goto(`${dashboard}/scores?range=month`);
  await page.locator('.chart-drawing canvas, .chart-drawing svg').waitFor();
  await page.locator('.interval').first().waitFor();
  await take(page, 'scores');

  await page.setViewportSize({ width: 1440, height: 760 });
  await page.goto(`${dashboard}/terminals`);
  await page.locator('.delivered').first().waitFor();
  await take(page, 'terminals');

  await page.setViewportSize({ width: 1440, height: 620 });
  await page.goto(`${dashboard}/recordings?level=dissatisfied`);
  await page.locator('tbody .ant-table-row a').first().click();
  await page.getByRole('button', { name: 'A complaint' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByText(/^0:0[5-9]/).waitFor();
  await take(page, 'recording');

  await page.setViewportSize({ width: 1440, height: 1060 });
  await page.goto(`${dashboard}/recordings?case=with`);
  await page.locator('tbody .ant-table-row').first().getByRole('link', { name: /Case/ }).click();
  await page.getByRole('button', { name: 'Close the case' }).waitFor();
  await page.getByText('Case opened').waitFor();
  await take(page, 'service');
}

async function takeCounter(browser: Browser): Promise<void> {
  const page = await open(browser, counter, 1024, 600);
  await page.locator('body[data-phase=invitation]').waitFor({ timeout: 120_000 });
  await take(page, 'counter');
}

const browser = await openBrowser();
await takeDashboard(browser);
await takeCounter(browser);
await browser.close();
