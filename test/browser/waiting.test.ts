import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../agent/screen/browser.ts';
import { makeClip } from '../hub/recordings/clips.ts';
import { requireDashboard } from './dashboard.ts';
import { openListener, type RecordedHall, startRecordedHall } from './recorded.ts';

let browser: Browser;
let hall: RecordedHall;

beforeAll(async () => {
  requireDashboard();
  browser = await openBrowser();
  hall = await startRecordedHall();
  const clips = [makeClip(1), makeClip(1), makeClip(1)];
  for (const clip of clips) await hall.terminals[0].tell(clip);
  const held = { held: true, reason: 'court order 4' };
  await hall.studio.api.call('PUT', `/recordings/${clips[0]?.recording}/hold`, held);
});
afterAll(async () => {
  await browser.close();
  await hall.close();
});

const open = (locale: string) => openListener(browser, `${hall.studio.url}/terminals`, { locale });

test('before a terminal is removed it is said how many recordings would be lost with it', async () => {
  const { page, errors } = await open('en-GB');
  await page.getByRole('button', { name: 'Edit: terminal-1' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('3 recordings wait on it. Without it they are lost').waitFor();
  await drawer.getByRole('button', { name: 'Remove', exact: true }).click();
  const question = page.locator('.ant-modal-confirm');
  await question.getByText('3 recordings wait on it.').waitFor();
  await question.getByText('1 of them is held.').waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await drawer.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Edit: terminal-2' }).click();
  await page.getByText('Terminal terminal-2').waitFor();
  expect(await drawer.getByText('wait on it').count()).toBe(0);
  expect(errors).toEqual([]);
});

test('before a device is given another place it is said which recordings it would delete, in Chinese too', async () => {
  const { page, errors } = await open('zh-CN');
  await page.getByRole('button', { name: '登记终端' }).click();
  const alert = page.getByRole('alert').filter({ hasText: '有终端尚未传完录音' });
  await alert.getByText('terminal-1（3 段）').waitFor();
  await alert.getByText('设备登记到其他营业厅或改用其他编号后，会删除尚未上传的录音').waitFor();
  expect(await alert.getByText('换上另一台设备').count()).toBe(0);
  await page.getByLabel('终端编号').fill('terminal-1');
  await alert.getByText('terminal-1 还有 3 段未上传：换上另一台设备后，这些录音将无法上传。').waitFor();
  expect(errors).toEqual([]);
});
