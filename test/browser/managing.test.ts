import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserOfFile } from '../agent/screen/browser.ts';
import { eventually } from '../support/api.ts';
import { openDashboard, requireDashboard, signInAs } from './dashboard.ts';
import { furnishedHallOfFile, openAsAdministrator, press } from './furnished.ts';

requireDashboard();
const browser = await browserOfFile();
const hall = await furnishedHallOfFile();

/** Answers the question that stands before the page. */
async function confirm(page: Page, word: string): Promise<void> {
  await page.locator('.ant-modal-confirm').getByRole('button', { name: word }).click();
}

test('a new password from an administrator ends the session of an open page, which comes back after signing in', async () => {
  const user = { username: 'wang', name: 'Wang', role: 'supervisor', sites: ['hongkou'], password: 'supervise-me' };
  await hall.api.post('/users', user);
  const { page: theirs } = await openDashboard(browser, `${hall.http}/terminals`);
  await signInAs(theirs, 'wang', 'supervise-me');
  await theirs.getByRole('cell', { name: 'terminal-1', exact: true }).waitFor();

  const { page } = await openAsAdministrator(browser, hall, '/people/users');
  await page.getByRole('button', { name: 'Edit: Wang' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Wang Min');
  await page.getByLabel('New password').fill('another-one-now');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Wang Min', exact: true }).waitFor();

  await theirs.getByText('You were signed out. Sign in to go on where you were.').waitFor();
  await signInAs(theirs, 'wang', 'another-one-now');
  await theirs.waitForURL('**/terminals');
  await theirs.getByRole('cell', { name: 'terminal-1', exact: true }).waitFor();

  await page.getByRole('button', { name: 'Edit: Wang Min' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await confirm(page, 'Remove');
  await page.getByRole('cell', { name: 'Wang Min', exact: true }).waitFor({ state: 'detached' });
  await theirs.getByRole('heading', { name: 'Sign in' }).waitFor();
  await theirs.context().close();
  await page.context().close();
});

test('a new clerk’s id is the staff number until another is written', async () => {
  const { page } = await openAsAdministrator(browser, hall, '/people');
  await page.getByRole('button', { name: 'Add a clerk' }).click();
  const form = page.getByRole('dialog');
  const id = form.getByLabel('Id', { exact: true });
  const number = form.getByLabel('Staff number', { exact: true });
  await form.getByLabel('Name', { exact: true }).fill('孙丽');
  await number.fill('0019');
  await expect.poll(() => id.inputValue()).toBe('0019');
  await number.fill('工19');
  await expect.poll(() => id.inputValue()).toBe('');
  await id.fill('C0019');
  await number.fill('0019');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: /孙丽 0019 C0019/ }).waitFor();
  await page.context().close();
});

test('the last administrator cannot give the role away, and is told so in Chinese', async () => {
  const { page } = await openAsAdministrator(browser, hall, '/people/users', { locale: 'zh-CN' });
  await page.getByRole('button', { name: /^编辑: / }).click();
  await page.getByRole('radio', { name: /^主任/ }).check();
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('alert').filter({ hasText: '这是最后一位管理员，请先添加另一位。' }).waitFor();
  await page.context().close();
});

test('one’s own password: a wrong one is refused and signs nobody out, a right one is changed', async () => {
  const user = { username: 'chen', name: 'Chen', role: 'supervisor', sites: null, password: 'my-first-password' };
  await hall.api.post('/users', user);
  const { page } = await openDashboard(browser, `${hall.http}/account`);
  await signInAs(page, 'chen', 'my-first-password');
  const change = async (current: string) => {
    await page.getByLabel('Current password').fill(current);
    await page.getByLabel('New password').fill('my-second-password');
    await page.getByLabel('Repeat the password').fill('my-second-password');
    await page.getByRole('button', { name: 'Change the password' }).click();
  };
  await change('not my password');
  await page.getByRole('alert').filter({ hasText: 'The password is wrong.' }).waitFor();
  await change('my-first-password');
  await page.getByText('The password is changed').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signInAs(page, 'chen', 'my-second-password');
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.context().close();
});

test('a token is shown once, lets a program in, and no longer does when it was taken away', async () => {
  const { page } = await openAsAdministrator(browser, hall, '/account');
  await page.getByText('No program has a token of yours.').waitFor();
  await page.getByLabel('For which program').fill('wall display');
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = ((await page.locator('.token-made .code').textContent()) ?? '').trim();
  const ask = async () => {
    const answer = await fetch(`${hall.http}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    return answer.status;
  };
  expect(await ask()).toBe(200);
  await page.getByRole('button', { name: 'Take away: wall display' }).click();
  await confirm(page, 'Take away');
  await page.getByText('No program has a token of yours.').waitFor();
  expect(await ask()).toBe(401);
  await page.context().close();
});

test('a clerk with ratings is kept as one who has left, one without is gone', async () => {
  await press(hall.device, { level: 'satisfied' });
  await eventually(
    () => hall.api.get<{ items: unknown[] }>('/ratings'),
    ({ items }) => items.length === 1,
  );
  const { page } = await openAsAdministrator(browser, hall, '/people');
  const remove = async (name: string) => {
    await page.getByRole('button', { name: `Edit: ${name}` }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await confirm(page, 'Remove');
  };
  await remove('林晓雯');
  await page.getByText('There are ratings: the clerk is kept as one who has left.').waitFor();
  await page.getByRole('cell', { name: '林晓雯 left' }).first().waitFor();
  await remove('张伟');
  await page.getByRole('cell', { name: '张伟', exact: true }).waitFor({ state: 'detached' });
  await page.context().close();
});

test('what an import refuses is told in Chinese, line by line', async () => {
  const { page } = await openAsAdministrator(browser, hall, '/people/import', { locale: 'zh-CN' });
  await page.getByLabel('或在此粘贴内容').fill('id,name,number\nC1,甲,1\nC1,乙,2\n不是编号,丙,3');
  await page.getByRole('button', { name: '导入', exact: true }).click();
  await page.getByRole('cell', { name: '在表中出现了两次。' }).waitFor();
  await page.getByRole('cell', { name: /^这些列的内容有误：id.*应为 1–63 个字母、数字或连字符/ }).waitFor();
  await page.getByLabel('或在此粘贴内容').fill('name\n甲');
  await page.getByRole('button', { name: '导入', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: '首行必须是列名，而且缺少必填的列。' }).waitFor();
  await page.context().close();
});

test('a terminal is moved, loses its credential, and is removed; then its counter can be, too', async () => {
  const { page } = await openAsAdministrator(browser, hall, '/terminals/counters', { locale: 'zh-CN' });
  const removeCounter = async () => {
    await page.getByRole('button', { name: '编辑: Counter 2' }).click();
    await page.getByRole('button', { name: '删除' }).click();
    await confirm(page, '删除');
  };
  const edit = () => page.getByRole('button', { name: '编辑: terminal-1' }).click();
  await page.getByRole('tab', { name: '终端' }).click();
  await edit();
  await page.getByRole('combobox', { name: '所在窗口' }).click();
  await page.locator('.ant-select-item-option').filter({ hasText: 'Counter 2' }).click();
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('row', { name: /terminal-1 Counter 2/ }).waitFor();

  await page.getByRole('tab', { name: '窗口' }).click();
  await removeCounter();
  await page.getByText('该窗口还有终端，请先移走或删除终端。').waitFor();
  await page.getByRole('button', { name: '取消' }).click();

  await page.getByRole('tab', { name: '终端' }).click();
  await edit();
  await page.getByRole('button', { name: '收回凭证' }).click();
  await confirm(page, '收回凭证');
  await page.getByRole('row', { name: /terminal-1.*尚未登记/ }).waitFor();
  await edit();
  await page.getByRole('button', { name: '删除' }).click();
  await confirm(page, '删除');
  await page.getByText('本厅还没有终端').waitFor();
  await page.getByRole('tab', { name: '窗口' }).click();
  await removeCounter();
  await page.getByRole('cell', { name: 'counter-2', exact: true }).waitFor({ state: 'detached' });
  await page.context().close();
});
