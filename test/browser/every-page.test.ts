import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../agent/screen/browser.ts';
import { makeClip } from '../hub/recordings/clips.ts';
import { eventually } from '../support/api.ts';
import { requireDashboard } from './dashboard.ts';
import { type FurnishedHall, openAsAdministrator, press, startFurnishedHall } from './furnished.ts';

/** Some fifteen pages are loaded anew and gone over, on whatever machine. */
const goesOverAllMs = 150_000;

let browser: Browser;
let hall: FurnishedHall;
let bad: string;
let unprompted: string;
const clip = makeClip(3);

beforeAll(async () => {
  requireDashboard();
  browser = await openBrowser();
  hall = await startFurnishedHall();
  await press(hall.device, { level: 'very-satisfied' });
  await press(hall.device, { level: 'dissatisfied', clerk: null });
  await press(hall.device, { level: 'satisfied', unprompted: true });
  await hall.device.brings(clip, { pressedAtMs: 2000, speechShare: 0.001 });
  for (const purpose of ['complaint', 'spot check'])
    await hall.api.post(`/recordings/${clip.recording}/plays`, { purpose });
  await hall.device.sends('<html>not an event</html>');
  const newest = (path: string, count: number) =>
    eventually(
      async () => (await hall.api.get<{ items: { service: string }[] }>(path)).items,
      ({ length }) => length === count,
    );
  unprompted = (await newest('/ratings', 3))[0]?.service ?? '';
  bad = (await newest('/cases', 1))[0]?.service ?? '';
});
afterAll(async () => {
  await browser.close();
  await hall.close();
});

/** Every address of the dashboard, with what stands on it when it is ready. */
const pages = () => [
  ['/', '.counters'],
  ['/scores?range=month', '.scores-table .link-button'],
  ['/scores?by=site', '.scores-table .rank, .scores-table .not-ranked'],
  ['/scores?range=custom&by=day&from=2026-11-01&to=2026-11-02', '.nothing'],
  ['/cases', '.ant-table-row'],
  ['/cases?state=closed', '.nothing'],
  [`/services/${bad}`, '.chain'],
  [`/services/${unprompted}`, '.chain'],
  ['/recordings', '.ant-table-row'],
  ['/recordings?state=lost', '.nothing'],
  [`/recordings/${clip.recording}`, '.wave'],
  ['/recordings/rules', '.days'],
  ['/audit', '.verify'],
  ['/audit/clerks/C0017', '.ant-table-row'],
  ['/terminals', '.delivered'],
  ['/terminals/quarantine', '.ant-table-row'],
  ['/terminals/counters', '.ant-table-row'],
  ['/people', '.ant-table-row'],
  ['/people/badges', '.ant-table-row'],
  ['/people/import', '.import'],
  ['/people/sites', '.ant-table-row'],
  ['/people/users', '.ant-table-row'],
  ['/account', '.account'],
  ['/nowhere', '.nothing'],
];

/** Forms at the side of a page: its address, and the button that opens it. */
const drawers = [
  ['/people', '林晓雯', 'Edit: 林晓雯'],
  ['/people/users', 'admin', /^Edit: /],
  ['/people/sites', 'hongkou', 'Edit: Hongkou'],
  ['/terminals', 'terminal-1', 'Edit: terminal-1'],
  ['/terminals', 'terminal-1', 'Enrol a terminal'],
  ['/terminals/counters', 'counter-1', 'Import a list'],
] as const;

/** Forms that a page opens by a button alone. */
const forms = () => [
  [`/services/${bad}`, 'Close the case'],
  ['/recordings/rules', 'Change what is recorded'],
  ['/recordings/rules', 'Change the days'],
  ['/recordings/rules', 'Give the right to download'],
  [`/recordings/${clip.recording}`, 'Delete'],
];

/** What axe-core finds, as lines that name the rule and the element. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations }: AxeResults = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${page.url()} ${id}: ${html.slice(0, 200)}`));
}

function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** How far down the ways to the other pages begin: one figure where they stand in one row. */
function rowsOfWays(page: Page): Promise<number[]> {
  return page
    .locator('.nav-way')
    .evaluateAll((ways) => [...new Set(ways.map((way) => Math.round(way.getBoundingClientRect().top)))]);
}

/** Every word in the console and every answer that is an error. */
function listen(page: Page): string[] {
  const told: string[] = [];
  page.on('console', (message) => told.push(`${message.type()}: ${message.text()}`));
  page.on('response', (answer) => {
    if (answer.status() >= 400) told.push(`${answer.status()}: ${answer.url()}`);
  });
  return told;
}

describe.each([
  { locale: 'en-GB', colorScheme: 'light' },
  { locale: 'zh-CN', colorScheme: 'dark' },
] as const)('every page in $locale, $colorScheme', (surroundings) => {
  test('has no barrier, fits a telephone, and leaves the console empty', { timeout: goesOverAllMs }, async () => {
    const { page, errors } = await openAsAdministrator(browser, hall, '/', surroundings);
    const told = listen(page);
    for (const [path = '', ready = ''] of pages()) {
      await page.goto(`${hall.http}${path}`);
      await page.locator(ready).first().waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      expect(`${path}: ${await sidewaysOverflow(page)}`).toBe(`${path}: 0`);
      expect(await rowsOfWays(page)).toHaveLength(1);
      await page.setViewportSize({ width: 1366, height: 900 });
    }
    expect([...told, ...errors]).toEqual([]);
    await page.context().close();
  });
});

test('every form at the side of a page has no barrier', { timeout: goesOverAllMs }, async () => {
  const { page } = await openAsAdministrator(browser, hall, '/');
  for (const [path, ready, button] of drawers) {
    await page.goto(`${hall.http}${path}`);
    await page.getByRole('cell', { name: ready }).first().waitFor();
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
  }
  for (const [path = '', button = ''] of forms()) {
    await page.goto(`${hall.http}${path}`);
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
  }
  await page.context().close();
});

test('a player that plays has no barrier', async () => {
  const { page } = await openAsAdministrator(browser, hall, `/recordings/${clip.recording}`);
  await page.getByLabel('Why do you want to listen?').fill('spot check');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.context().close();
});

test('the door has no barrier, and nothing is amiss before anybody has signed in', async () => {
  const page = await browser.newPage();
  const told = listen(page);
  await page.goto(hall.http);
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(told).toEqual([]);
  await page.close();
});

test('the dashboard is gone through by keyboard alone', async () => {
  const { page } = await openAsAdministrator(browser, hall, '/');
  await page.locator('.counters').waitFor();
  await page.keyboard.press('Tab');
  await page.getByRole('link', { name: 'Skip to the content' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page
    .getByRole('button', { name: /^Satisfaction/ })
    .and(page.locator(':focus'))
    .waitFor();
  await page.getByRole('tooltip').filter({ hasText: '19 of 20 cases' }).waitFor();
  await page.getByRole('link', { name: 'People' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Edit: 张伟' }).focus();
  await page.keyboard.press('Enter');
  const name = page.getByRole('dialog').getByLabel('Name', { exact: true });
  await name.and(page.locator(':focus')).waitFor();
  await page.keyboard.press('End');
  await page.keyboard.type(' A');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: '张伟 A', exact: true }).waitFor();
  await page.context().close();
});
