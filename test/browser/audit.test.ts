/// <reference lib="dom" />
import { join } from 'node:path';
import type { AuditEntry } from '@manyi/config/audit';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { browserOfFile } from '../agent/screen/browser.ts';
import { openStudio, type Studio } from '../hub/recordings/studio.ts';
import { adminPassword, eventually } from '../support/api.ts';
import { openDashboard, requireDashboard, signInAs } from './dashboard.ts';

requireDashboard();
const browser = await browserOfFile();

async function open(url: string, options: { locale?: string; username?: string } = {}) {
  const { locale = 'en-GB', username = 'admin' } = options;
  const opened = await openDashboard(browser, url, { locale });
  onTestFinished(() => opened.page.context().close());
  await signInAs(opened.page, username, username === 'admin' ? adminPassword : 'long-enough-for-all');
  return opened;
}

/** A hub whose log has an entry, and whose head is anchored. */
async function anchored(): Promise<Studio> {
  const studio = await openStudio();
  const rule = { good: 30, neutral: 90, bad: 365, unrated: 30, reason: 'new law' };
  await studio.api.call('PUT', '/sites/main-hall/recording-retention', rule);
  await studio.api.call('PUT', '/sites/main-hall/recording-retention', { ...rule, good: 20 });
  const wang = { username: 'wang', name: '王', role: 'supervisor', sites: ['main-hall'] };
  await studio.api.post('/users', { ...wang, password: 'long-enough-for-all' });
  return studio.again();
}

test('the page of the log says what the hub found, and shows the head to note', async () => {
  const studio = await anchored();
  const [newest] = (await studio.api.get<{ items: AuditEntry[] }>('/audit')).items;
  const { page, errors } = await open(`${studio.url}/audit`);
  await page.getByText(/The hub checked it on .*: the 2 entries there were then, and the chain holds\./).waitFor();
  await page.getByText(/Its head is noted outside of the database once, since /).waitFor();
  await page.getByText(`2:${newest?.hash}`).waitFor();
  await page.goto(studio.url);
  await page.getByRole('complementary', { name: /Needs attention/ }).waitFor();
  expect(await page.getByText('audit log is not').count()).toBe(0);
  expect(errors).toEqual([]);
});

test.each([
  {
    locale: 'en-GB',
    title: 'The audit log is not to be trusted',
    mend: 'If a backup was put back',
    cause: 'it ends at entry 1, and entry 2 was noted: its end was cut off',
    tell: 'Tell an administrator.',
  },
  {
    locale: 'zh-CN',
    title: '审计日志不可信',
    mend: '如果刚恢复过备份',
    cause: '日志止于第 1 条，而曾记下第 2 条：末尾被截掉',
    tell: '请告知管理员。',
  },
])(
  'in $locale, a log that was tampered with calls for an administrator, and for others to tell one',
  async ({ locale, title, mend, cause, tell }) => {
    const whole = await anchored();
    await whole.close();
    const database = new Sqlite(join(whole.folder, 'hub.db'));
    database.exec('DROP TRIGGER audit_remains; DELETE FROM audit WHERE position = 2');
    database.close();
    const studio = await whole.again();
    await eventually(
      () => studio.api.get<{ trouble: string | null }>('/audit/state'),
      ({ trouble }) => trouble === 'broken',
    );
    const { page, errors } = await open(studio.url, { locale });
    const item = page.getByRole('complementary').getByRole('listitem').filter({ hasText: title });
    await item.getByText(mend).waitFor();
    await item.getByRole('link').click();
    const alert = page.getByRole('alert').filter({ hasText: title });
    expect(await page.getByText('--anchor').count()).toBe(0);
    await alert.getByText(cause).waitFor();
    const other = await open(studio.url, { locale, username: 'wang' });
    const told = other.page.getByRole('complementary').getByRole('listitem').filter({ hasText: title });
    await told.getByText(tell).waitFor();
    expect(await told.getByRole('link').count()).toBe(0);
    expect([errors, other.errors]).toEqual([[], []]);
  },
);

test('who heard a clerk is black on paper, also from a dark screen', async () => {
  const studio = await openStudio();
  const { page } = await open(`${studio.url}/audit/clerks/C0017`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[style*="color-scheme: dark"]').waitFor();
  const words = [page.getByText('Everybody who played'), page.getByText('Nobody has heard a conversation')];
  const colours = () => Promise.all(words.map((one) => one.evaluate((element) => getComputedStyle(element).color)));
  expect(await colours()).not.toContain('rgb(0, 0, 0)');
  await page.emulateMedia({ media: 'print' });
  expect(await colours()).toEqual(['rgb(0, 0, 0)', 'rgb(0, 0, 0)']);
});
