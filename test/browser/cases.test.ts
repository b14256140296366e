import { randomUUID } from 'node:crypto';
import type { Service } from '@manyi/config/api';
import type { Case } from '@manyi/config/cases';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserOfFile } from '../agent/screen/browser.ts';
import { makeClip } from '../hub/recordings/clips.ts';
import { eventually } from '../support/api.ts';
import { requireDashboard } from './dashboard.ts';
import {
  hallOfTest,
  type Listener,
  type ListenerOptions,
  openListener,
  type RecordedHall,
  startRecordedHall,
} from './recorded.ts';

requireDashboard();
const browser = await browserOfFile();
let hall: RecordedHall;

beforeAll(async () => {
  hall = await startRecordedHall();
});
afterAll(() => hall.close());

function open(path: string, options: ListenerOptions = {}): Promise<Listener> {
  return openListener(browser, `${hall.studio.url}${path}`, options);
}

const inChinese = { locale: 'zh-CN' };
/** After so long the page of a service has been read again, in milliseconds. */
const readAgainMs = 16_000;

/** The case of a service, once it has one. */
async function caseOf(service: string, { api } = hall.studio): Promise<Case> {
  const { items } = await eventually(
    () => api.get<{ items: [Case, ...Case[]] }>(`/cases?service=${service}`),
    (answer) => answer.items.length > 0,
  );
  return items[0];
}

/** A service from its beginning to its rated end, at counter 1; gives its id. */
async function serve(level: string, [{ publish }] = hall.terminals): Promise<string> {
  const told = { service: randomUUID(), clerk: 'C0017', startedAt: new Date().toISOString() };
  await publish('manyi.service.started.v1', { ...told, startedBy: 'next' });
  await publish('manyi.rating.given.v1', { ...told, level, invitedBy: 'clerk', pressedAfterMs: 2310 });
  await publish('manyi.service.ended.v1', { ...told, outcome: 'rated', invitedBy: 'clerk' });
  return told.service;
}

const rows = (page: Page) => page.locator('tbody .ant-table-row');
/** The row of the case of that name. */
const rowOf = (page: Page, name: string) => rows(page).filter({ has: page.getByRole('link', { name, exact: true }) });
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const step = (page: Page, title: string) => page.locator('.chain > li').filter({ hasText: title }).last();
/** What forms say of fields that were left empty. */
const complaints = (form: Locator) => form.locator('.ant-form-item-explain-error');

/** Waits until there is one of them alone, and it reads so. */
async function shows(what: Locator, words: RegExp): Promise<void> {
  await expect.poll(() => what.allInnerTexts()).toEqual([expect.stringMatching(words)]);
}

async function send(form: Locator, word: string): Promise<void> {
  await form.getByRole('button', { name: word, exact: true }).click();
}

test('a bad rating opens a case by itself, which is closed with the customer’s answer, and opened again', async () => {
  const { number } = await caseOf(await serve('dissatisfied'));
  const name = `Case ${number}`;
  const { page, errors } = await open('/');
  await page.getByRole('link', { name: 'Cases' }).click();
  await shows(
    rowOf(page, name),
    /Counter 1[\s\S]*李晓梅[\s\S]*Dissatisfied[\s\S]*by itself, after a bad rating[\s\S]*open for/,
  );
  await page.getByRole('link', { name, exact: true }).click();
  await card(page, name).getByText('Opened by itself after a bad rating, ').waitFor();
  await step(page, 'Case opened').getByText('by itself, after a bad rating').waitFor();

  await page.getByRole('button', { name: 'Close the case' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Cause').and(page.locator(':focus')).waitFor();
  await send(form, 'Close the case');
  await expect.poll(() => complaints(form).count()).toBe(3);
  await form.getByLabel('Cause').fill('Two windows were shut at noon.');
  await form.getByLabel('Handling and evidence').fill('The roster has a third clerk now: see the plan of December.');
  await send(form, 'Close the case');
  await expect.poll(() => complaints(form).count()).toBe(1);
  await form.getByRole('radio', { name: 'No', exact: true }).check();
  await send(form, 'Close the case');
  await form.getByLabel('Why there is no answer').and(page.locator('[aria-invalid=true]')).waitFor();
  expect(await hall.studio.api.get(`/cases/${number}`)).toMatchObject({ state: 'open' });
  await form.getByRole('radio', { name: 'Yes', exact: true }).check();
  await form.getByLabel('Customer’s answer').fill('She comes at ten now, and is content.');
  await send(form, 'Close the case');
  await page.locator('.ant-message').getByText('Case closed').waitFor();

  await card(page, name).getByText('Closed by admin, ').waitFor();
  await card(page, name).getByText('She comes at ten now, and is content.').waitFor();
  const told =
    'Cause: Two windows were shut at noon. ' +
    'Handling and evidence: The roster has a third clerk now: see the plan of December. ' +
    'Customer’s answer: She comes at ten now, and is content. · by admin';
  await step(page, 'Case closed').getByText(told, { exact: true }).waitFor();

  await page.getByRole('link', { name: 'Cases' }).click();
  await rowOf(page, name).waitFor({ state: 'detached' });
  await page.locator('.ant-segmented-item').filter({ hasText: 'closed' }).click();
  await shows(rowOf(page, name), /closed .* · admin$/);
  expect(new URL(page.url()).search).toBe('?state=closed');
  await page.reload();
  await page.getByRole('link', { name, exact: true }).click();

  await page.getByRole('button', { name: 'Open it again' }).click();
  await form.getByLabel('Why again').fill('She came back with the same complaint.');
  await send(form, 'Open it again');
  await card(page, name).getByText('Opened again by admin, ').waitFor();
  await card(page, name).getByRole('button', { name: 'Close the case' }).waitFor();
  await step(page, 'Case opened again').getByText('She came back with the same complaint. · by admin').waitFor();
  expect(errors).toEqual([]);
});

test('a case is opened by hand where the rating was good, and closed with why there is no answer, all in Chinese', async () => {
  const service = await serve('very-satisfied');
  const { page, errors } = await open(`/services/${service}`, inChinese);
  await card(page, '没有工单').getByRole('button', { name: '建立工单' }).click();
  const form = page.getByRole('dialog');
  await send(form, '建立工单');
  await expect.poll(() => complaints(form).count()).toBe(1);
  await form.getByLabel('建立原因').fill('顾客事后来电，对收费有疑问。');
  await send(form, '建立工单');
  const name = `工单 ${(await caseOf(service)).number}`;
  await card(page, name).getByText('由 admin 建立，').waitFor();
  await step(page, '工单建立').getByText('顾客事后来电，对收费有疑问。 · 由 admin').waitFor();

  await page.getByRole('button', { name: '办结工单' }).click();
  await form.getByLabel('原因', { exact: true }).fill('价目表已过期。');
  await form.getByLabel('处理情况与依据').fill('已更换价目表，附照片。');
  await form.getByRole('radio', { name: '无' }).check();
  await form.getByLabel('无反馈的原因').fill('号码停机，三次未能接通。');
  await send(form, '办结工单');
  await card(page, name).getByText('由 admin 办结，').waitFor();
  await step(page, '工单办结').getByText('无反馈的原因：号码停机，三次未能接通。 · 由 admin').waitFor();

  await page.locator('.nav-way[href="/cases"]').click();
  await page.locator('.ant-segmented-item').filter({ hasText: '全部' }).click();
  await shows(rowOf(page, name), /非常满意[\s\S]*由 admin[\s\S]*已办结 .* · admin/);
  expect(errors).toEqual([]);
});

test('how many cases of the site are open stands beside the way to them, and is read out with it', async () => {
  const { studio, terminals, open: openHere } = await hallOfTest(browser);
  await studio.api.post('/sites', { id: 'other-hall', name: 'Other hall' });
  const { page, errors } = await openHere('/cases?site=main-hall');
  const way = (name: string) => page.getByRole('link', { name, exact: true });
  await page.getByText('No open cases').waitFor();
  await way('Cases').waitFor();
  await page.clock.install();
  await page.reload();
  await way('Cases').waitFor();
  const services = [await serve('dissatisfied', terminals), await serve('dissatisfied', terminals)];
  const [{ number }] = [await caseOf(services[0] ?? '', studio), await caseOf(services[1] ?? '', studio)];
  await page.clock.fastForward(readAgainMs);
  await way('Cases 2 open').waitFor();
  expect(await page.locator('.nav-count').textContent()).toBe('2');
  await page.getByRole('link', { name: `Case ${number}`, exact: true }).click();
  await page.getByRole('button', { name: 'Close the case' }).click();
  const form = page.getByRole('dialog');
  for (const label of ['Cause', 'Handling and evidence', 'Customer’s answer'])
    await form.getByLabel(label).fill('seen to');
  await send(form, 'Close the case');
  await way('Cases 1 open').waitFor();
  await page.getByRole('button', { name: 'Switch to Chinese: 中文' }).click();
  await way('工单 1 张办理中').waitFor();
  await page.goto(`${studio.url}/?site=other-hall`);
  await way('工单').waitFor();
  expect(errors).toEqual([]);
});

test('a bad rating is off the floor’s list of what needs somebody once its case is closed', async () => {
  const { studio, terminals, open: openHere } = await hallOfTest(browser);
  const services = [await serve('dissatisfied', terminals), await serve('dissatisfied', terminals)];
  const [first] = [await caseOf(services[0] ?? '', studio), await caseOf(services[1] ?? '', studio)];
  const { page, errors } = await openHere('/');
  const items = page.getByRole('complementary').getByRole('listitem').filter({ hasText: 'Dissatisfied' });
  await expect.poll(() => items.count()).toBe(2);
  await studio.api.post(`/cases/${first.number}/close`, { cause: 'a', evidence: 'b', answer: 'c' });
  await page.reload();
  await expect.poll(() => items.count()).toBe(1);
  expect(await items.getByRole('link').getAttribute('href')).toBe(`/services/${services[1]}`);
  expect(errors).toEqual([]);
});

test('a case that opens by itself while its service is looked at appears there', async () => {
  const early = await eventually(
    async () => hall.studio.api.get<Service>(`/services/${await serve('dissatisfied')}`),
    ({ entries }) => !entries.some(({ type }) => type.startsWith('manyi.case.')),
  );
  const { page } = await open('/cases');
  await page.route(`**/api/v1/services/${early.service}`, (route) => route.fulfill({ json: early }), { times: 1 });
  await page.clock.install();
  await page.goto(`${hall.studio.url}/services/${early.service}`);
  await card(page, 'No case').waitFor();
  await page.clock.fastForward(readAgainMs);
  await page.getByRole('region', { name: /^Case \d/ }).waitFor();
});

test('what somebody else did first is said in the form, and shown behind it at once', async () => {
  // Sooner than the page is read again anyway.
  const soon = { timeout: 5_000 };
  const service = await serve('satisfied');
  const { page } = await open(`/services/${service}`);
  await page.getByRole('button', { name: 'Open a case' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Why').fill('A letter came about it.');
  const { number } = await hall.studio.api.post<Case>('/cases', { service, note: 'somebody called' });
  await send(form, 'Open a case');
  await form.getByRole('alert').getByText('This service has a case already.').waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();
  await card(page, `Case ${number}`).getByText('Opened by admin, ').waitFor(soon);
  await page.getByRole('button', { name: 'Close the case' }).click();
  for (const label of ['Cause', 'Handling and evidence', 'Customer’s answer'])
    await form.getByLabel(label).fill('seen to');
  await hall.studio.api.post(`/cases/${number}/close`, { cause: 'a', evidence: 'b', answer: 'c' });
  await send(form, 'Close the case');
  await form.getByRole('alert').getByText('Somebody has closed this case already.').waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();
  await card(page, `Case ${number}`).getByText('Closed by admin, ').waitFor(soon);
  await page.getByRole('button', { name: 'Open it again' }).waitFor();
});

test('what others do is shown by itself, and no form becomes another meanwhile', async () => {
  const service = await serve('satisfied');
  const { page, errors } = await open('/cases');
  await page.clock.install();
  await page.goto(`${hall.studio.url}/services/${service}`);
  await page.getByRole('button', { name: 'Set aside' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('What you found').fill('Somebody played with the keys.');
  const { api } = hall.studio;
  const { number } = await api.post<Case>('/cases', { service, note: 'somebody called' });
  await api.post(`/services/${service}/set-aside`, { why: 'misuse', note: 'I saw it too.' });
  await page.clock.fastForward(readAgainMs);
  await step(page, 'Rating set aside').waitFor();
  await send(form, 'Set aside');
  await form.getByRole('alert').getByText('Somebody has set this rating aside already.').waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();
  await card(page, `Case ${number}`).waitFor();
  await page.getByRole('button', { name: 'Take back in' }).waitFor();
  expect(errors).toEqual([]);
});

test('what was written stays in the form while the hub is away, and only the answer that is given is sent', async () => {
  const service = await serve('satisfied');
  const { number } = await hall.studio.api.post<Case>('/cases', { service, note: 'somebody called' });
  const { page } = await open(`/services/${service}`);
  await page.getByRole('button', { name: 'Close the case' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Cause').fill('The form was missing.');
  await form.getByLabel('Handling and evidence').fill('Forms lie at the door now.');
  await form.getByLabel('Customer’s answer').fill('not yet');
  await form.getByRole('radio', { name: 'No', exact: true }).check();
  await form.getByLabel('Why there is no answer').fill('She left no number.');
  await page.route('**/api/v1/**', (route) => route.abort());
  await send(form, 'Close the case');
  await form.getByRole('alert').getByText('The hub does not answer').waitFor();
  await page.unroute('**/api/v1/**');
  await send(form, 'Close the case');
  await card(page, `Case ${number}`).getByText('Closed by admin, ').waitFor();
  const said = { cause: 'The form was missing.', answer: null, noAnswer: 'She left no number.' };
  const { entries } = await hall.studio.api.get<Service>(`/services/${service}`);
  expect(entries.at(-1)?.data).toMatchObject(said);
});

test('a service that is unknown is asked for once', async () => {
  const { page } = await open('/cases');
  // Once by the page, and at last once more: what the page asks for is counted by then.
  let asked = 0;
  await page.clock.install();
  await page.route('**/api/v1/services/*', (route) => {
    asked += 1;
    return route.continue();
  });
  await page.goto(`${hall.studio.url}/services/${randomUUID()}`);
  await page.getByText('There is no such thing').first().waitFor();
  await page.clock.runFor(60_000);
  await page.evaluate(() => fetch('/api/v1/services/the-last').then(() => {}));
  expect(asked).toBe(2);
});

test('recordings are found with and without a case, and lead to it', async () => {
  const [terminal] = hall.terminals;
  const [bad, good] = [makeClip(1), makeClip(2)];
  await terminal.tell(bad, { level: 'dissatisfied' });
  await terminal.tell(good, { level: 'satisfied' });
  const number = await eventually(
    async () => (await hall.studio.api.get<{ case: Case | null }>(`/recordings/${bad.recording}`)).case?.number ?? 0,
    (known) => known > 0,
  );
  const { page, errors } = await open('/recordings');
  const choose = async (label: string, option: string) => {
    await page.getByRole('combobox', { name: label }).click();
    await page.locator('.ant-select-item-option').filter({ hasText: option }).click();
  };
  await expect.poll(() => rows(page).count()).toBe(2);
  await choose('Case', 'With a case');
  await shows(rows(page), /Dissatisfied[\s\S]*open$/);
  expect(new URL(page.url()).search).toBe('?case=with');
  await choose('Case', 'Without a case');
  await shows(rows(page), /Satisfied[\s\S]*on its way/);

  await page.goto(`${hall.studio.url}/recordings/${good.recording}`);
  await page.getByText('Evidence chain').waitFor();
  expect(await page.getByRole('link', { name: /^Case \d/ }).count()).toBe(0);
  await page.goto(`${hall.studio.url}/recordings/${bad.recording}`);
  await page.getByRole('link', { name: `Case ${number} open` }).click();
  await card(page, `Case ${number}`).waitFor();
  expect(errors).toEqual([]);

  const { page: chinese } = await open('/recordings?case=with', inChinese);
  await chinese.getByRole('link', { name: `工单 ${number} 办理中` }).click();
  await card(chinese, `工单 ${number}`).waitFor();
});

test('the cases fit a telephone', async () => {
  const { number } = await caseOf(await serve('dissatisfied'));
  const { page } = await open('/cases?state=all', { viewport: { width: 360, height: 780 } });
  await shows(
    rowOf(page, `Case ${number}`),
    /Counter 1 · 李晓梅[\s\S]*by itself, after a bad rating[\s\S]*open for[\s\S]*Dissatisfied/,
  );
  const table = page.locator('.ant-table-content');
  expect(await table.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
});
