import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Recording } from '@manyi/config/recordings';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../agent/screen/browser.ts';
import { makeClip } from '../hub/recordings/clips.ts';
import { eventually } from '../support/api.ts';
import { requireDashboard } from './dashboard.ts';
import {
  bring,
  type Listener,
  type ListenerOptions,
  openListener,
  type RecordedHall,
  startRecordedHall,
} from './recorded.ts';

const dayMs = 24 * 60 * 60 * 1000;

let browser: Browser;
let hall: RecordedHall;

beforeAll(async () => {
  requireDashboard();
  browser = await openBrowser();
  hall = await startRecordedHall();
});
afterAll(async () => {
  await browser.close();
  await hall.close();
});

function open(path: string, options: ListenerOptions = {}): Promise<Listener> {
  return openListener(browser, `${hall.studio.url}${path}`, options);
}

/** Does what asks for a reason. */
async function act(page: Page, name: string, reason: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Reason').fill(reason);
  await form.getByRole('button', { name, exact: true }).click();
}

describe('the list', () => {
  const rows = (page: Page) => page.locator('tbody .ant-table-row');
  const choose = async (page: Page, label: string, option: string) => {
    await page.getByRole('combobox', { name: label }).click();
    await page.locator('.ant-select-item-option').filter({ hasText: option }).click();
  };

  beforeAll(async () => {
    await bring(
      hall.terminals[0],
      { at: Date.now() - 2 * dayMs, level: 'average', data: { speechShare: 0.003, repaired: true } },
      makeClip(1),
    );
    await hall.terminals[1].tell(makeClip(1), { at: Date.now() - dayMs, clerk: null, level: 'very-satisfied' });
    const lost = makeClip(70);
    await hall.terminals[1].tell(lost, { at: Date.now() - 3 * dayMs, data: { clippedShare: 0.2 } });
    await hall.terminals[1].publish('manyi.recording.lost.v1', { ...lost, clerk: 'C0017', bytes: 1, why: 'no-room' });
  });

  test('says of each its state, its warnings and its length, newest first, and finds by every condition', async () => {
    const { page, errors } = await open('/recordings');
    await rows(page).nth(2).waitFor();
    const words = await rows(page).allInnerTexts();
    expect(words[0]).toMatch(/Counter 2[\s\S]*—[\s\S]*Very satisfied[\s\S]*0:01[\s\S]*not measured[\s\S]*on its way/);
    expect(words[1]).toMatch(
      /Counter 1[\s\S]*李晓梅[\s\S]*Average[\s\S]*0.3% speech[\s\S]*silent · cut off, repaired[\s\S]*stored/,
    );
    expect(words[2]).toMatch(/Counter 2[\s\S]*Not rated[\s\S]*1:10[\s\S]*clipped[\s\S]*lost/);
    await choose(page, 'Counter', 'Counter 2');
    await expect.poll(() => rows(page).count()).toBe(2);
    await choose(page, 'Length', '1–5 min');
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?counter=counter-2&length=1-to-5');
    await choose(page, 'State', 'stored');
    await page.getByText('No recording is like that').waitFor();
    await page.getByRole('button', { name: 'Clear all conditions' }).click();
    await choose(page, 'Level', 'Average');
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.reload();
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.goto(`${hall.studio.url}/recordings?range=custom&from=2026-01-01&to=2026-01-31`);
    await page.getByText('No recording is like that').waitFor();
    expect(errors).toEqual([]);
  });

  test('shows on a telephone whose each is, without being pushed sideways', async () => {
    const { page } = await open('/recordings', { viewport: { width: 360, height: 780 } });
    await rows(page).nth(2).waitFor();
    const words = await rows(page).allInnerTexts();
    expect(words[1]).toMatch(/Counter 1 · 李晓梅[\s\S]*0:01[\s\S]*stored[\s\S]*Average/);
    const table = page.locator('.ant-table-content');
    expect(await table.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  });

  test('goes on page by page', async () => {
    const { sha256, durationMs } = makeClip(1);
    const made = { clerk: 'C0017', sha256, durationMs, bytes: 1000 };
    const first = Date.parse('2026-02-01T10:00:00+08:00');
    const told = Array.from({ length: 52 }, (_, number) => {
      const startedAt = new Date(first + number * 60_000).toISOString();
      return hall.terminals[0].publish('manyi.recording.made.v1', { ...made, recording: randomUUID(), startedAt });
    });
    await Promise.all(told);
    const { page } = await open('/recordings?range=custom&from=2026-02-01&to=2026-02-01');
    await expect.poll(() => rows(page).count()).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows(page).count()).toBe(52);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  });

  test('leads by keys from the end of the list to the head of a recording', async () => {
    const { page } = await open('/recordings', { viewport: { width: 1440, height: 240 } });
    await rows(page).last().getByRole('link').first().focus();
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Recording', exact: true }).and(page.locator(':focus')).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'All recordings' }).and(page.locator(':focus')).waitFor();
  });
});

describe('what is done with a recording', () => {
  test('is downloaded by those alone who were given the right, and stands in the audit log', async () => {
    const clip = await bring(hall.terminals[0]);
    const account = { username: 'wang', password: 'supervise-me' };
    await hall.studio.api.post('/users', { ...account, name: 'Wang', role: 'supervisor', sites: ['main-hall'] });
    const { page } = await open(`/recordings/${clip.recording}`, account);
    await page.getByLabel('Why do you want to listen?').waitFor();
    for (const name of ['Download', 'Hold', 'Delete'])
      expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);

    const { page: administrators } = await open('/recordings/rules');
    await administrators.getByRole('button', { name: 'Give the right to download' }).click();
    const form = administrators.getByRole('dialog');
    await form.getByRole('combobox', { name: 'To whom' }).click();
    await administrators.locator('.ant-select-item-option').filter({ hasText: 'Wang' }).click();
    await form.getByLabel('Reason').fill('arbitration office');
    await form.getByRole('button', { name: 'Save' }).click();
    await administrators.getByRole('button', { name: 'Take back: Wang' }).waitFor();

    await page.reload();
    const [saved] = await Promise.all([page.waitForEvent('download'), act(page, 'Download', 'for the court')]);
    expect(saved.suggestedFilename()).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_counter-1_/);
    expect(saved.suggestedFilename()).toContain(`_${clip.recording}.ogg`);
    await page.getByText('Downloaded', { exact: true }).waitFor();
    expect(readFileSync(await saved.path()).equals(clip.bytes)).toBe(true);
    expect((await hall.auditOf(clip))[0]).toMatchObject({
      who: 'wang',
      what: 'recording.download',
      why: 'for the court',
    });
    await administrators.goto(`${hall.studio.url}/audit?what=download-right.grant`);
    await administrators
      .getByRole('row', { name: /admin gave the right to download wang arbitration office/ })
      .waitFor();
  });

  test('is held, released and deleted with a reason', async () => {
    const clip = await bring(hall.terminals[0]);
    const { page } = await open(`/recordings/${clip.recording}`);
    await act(page, 'Hold', 'court order 4');
    await page.getByText('held', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(0);
    await act(page, 'Release', 'case closed');
    await page.getByText('held', { exact: true }).waitFor({ state: 'detached' });
    await act(page, 'Delete', 'wish of the customer');
    await page.getByText('Nobody can hear it any more', { exact: true }).waitFor();
    await page.getByText('Its sound is gone for good.').waitFor();
    const acts = (await hall.auditOf(clip)).map(({ what, why }) => [what, why]);
    expect(acts).toEqual([
      ['recording.delete', 'wish of the customer'],
      ['recording.release', 'case closed'],
      ['recording.hold', 'court order 4'],
    ]);
  });
});

test('where a service has two recordings, each asks for its own purpose', async () => {
  const service = randomUUID();
  const [terminal] = hall.terminals;
  const rated = { service, clerk: 'C0017', level: 'average', startedAt: new Date().toISOString() };
  await terminal.publish('manyi.rating.given.v1', rated);
  for (const seconds of [2, 3]) await bring(terminal, { data: { service } }, makeClip(seconds));
  const { page } = await open(`/services/${service}`);
  const why = page.getByLabel('Why do you want to listen?');
  await why.nth(1).waitFor();
  await page.getByText('Why do you want to listen?').last().click();
  await why.last().and(page.locator(':focus')).waitFor();
  await page.getByRole('button', { name: 'A spot check' }).last().click();
  expect(await why.evaluateAll((fields) => fields.map((field) => field.getAttribute('value')))).toEqual([
    '',
    'A spot check',
  ]);
});

test('a clip that its terminal is still sending appears by itself', async () => {
  const clip = makeClip(2);
  const [terminal] = hall.terminals;
  await terminal.tell(clip);
  const { page } = await open(`/recordings/${clip.recording}`);
  await page.getByText('Its terminal has made it and has not sent all of it yet.').waitFor();
  await terminal.send(clip);
  await eventually(
    () => hall.studio.api.get<Recording>(`/recordings/${clip.recording}`),
    ({ state }) => state === 'stored',
  );
  await page.getByLabel('Why do you want to listen?').waitFor();
});
