import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserOfFile } from '../agent/screen/browser.ts';
import { type Clip, makeClip } from '../hub/recordings/clips.ts';
import { requireDashboard } from './dashboard.ts';
import { bring, openListener, type RecordedHall, startRecordedHall } from './recorded.ts';

requireDashboard();
const browser = await browserOfFile();
const purpose = 'complaint 17 of the customer who came back';
const clip: Clip = makeClip(12);
let hall: RecordedHall;

beforeAll(async () => {
  hall = await startRecordedHall();
  const sound = { speechShare: 0.003, peak: 0.9, clippedShare: 0.4, repaired: true, pressedAtMs: 9_000 };
  await bring(hall.terminals[0], { level: 'dissatisfied', data: sound }, clip);
  await hall.studio.api.post(`/recordings/${clip.recording}/plays`, { purpose });
});
afterAll(() => hall.close());

/** How many pixels the table is pushed sideways. */
const pushed = (page: Page) => page.locator('.ant-table-content').evaluate((one) => one.scrollWidth - one.clientWidth);

async function open(path: string, width = 360): Promise<Page> {
  const { page } = await openListener(browser, `${hall.studio.url}${path}`, { viewport: { width, height: 780 } });
  return page;
}

test('the audit log says all of an entry on a telephone', async () => {
  const page = await open('/audit');
  const row = page.locator('tbody .ant-table-row').first();
  await row.getByText(purpose).waitFor();
  for (const words of ['admin played', '李晓梅', 'Main hall · Counter 1']) await row.getByText(words).waitFor();
  expect(await pushed(page)).toBe(0);
});

test('who heard a clerk is read on a telephone, and printed with all its columns', async () => {
  const page = await open('/audit/clerks/C0017');
  const heads = () => page.locator('thead .ant-table-cell').filter({ visible: true }).allTextContents();
  const row = page.locator('tbody .ant-table-row').first();
  await row.getByText(purpose).filter({ visible: true }).waitFor();
  await row.getByText('not ended yet').filter({ visible: true }).waitFor();
  expect([await heads(), await pushed(page)]).toEqual([['When', 'Who'], 0]);
  await page.emulateMedia({ media: 'print' });
  expect(await heads()).toEqual(['When', 'Who', 'What', 'Counter', 'Why', 'How long']);
  expect(await row.getByText(purpose).filter({ visible: true }).count()).toBe(1);
});

test('the pages of a recording and of its service begin with whose it is', async () => {
  const page = await open(`/recordings/${clip.recording}`);
  const words = /Dissatisfied\s*Counter 1 · 李晓梅 · \d\d \w+ 20\d\d, \d\d:\d\d:\d\d/;
  const head = page.locator('.page-head', { hasText: words });
  await head.waitFor();
  await page.getByRole('complementary', { name: 'Dissatisfied' }).getByRole('link', { name: 'Evidence chain' }).click();
  await head.getByRole('heading', { name: 'Service' }).waitFor();
});

test('of a service that still runs nothing is said to be not rated', async () => {
  const started = { service: crypto.randomUUID(), clerk: 'C0017', startedAt: new Date().toISOString() };
  await hall.terminals[0].publish('manyi.service.started.v1', { ...started, startedBy: 'next' });
  const page = await open(`/services/${started.service}`);
  await page.locator('.page-head', { hasText: /^ServiceCounter 1 · 李晓梅 · / }).waitFor();
});

test('the list says what may be wrong with a sound also where there is no column for it', async () => {
  const page = await open('/recordings');
  await page.locator('tbody .ant-table-row').getByText('silent · clipped · cut off, repaired').waitFor();
  expect(await pushed(page)).toBe(0);
});

test('what one can do about a damaged recording stands below what is wrong, not beside it', async () => {
  const page = await open(`/recordings/${clip.recording}`);
  await page.route(`**/api/v1/recordings/${clip.recording}`, async (route) => {
    const found = await (await route.fetch()).json();
    await route.fulfill({ json: { ...found, state: 'damaged', fault: 'missing' } });
  });
  await page.reload();
  const alert = page.getByRole('alert').filter({ hasText: 'damaged' });
  const [words, button] = [alert.getByText('Its sound is not'), alert.getByRole('button')];
  await button.waitFor();
  const [above, below] = [await words.boundingBox(), await button.boundingBox()];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
});
