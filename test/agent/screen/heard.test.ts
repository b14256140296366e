import type { HeardAnswer } from '@manyi/agent/screen/heard';
import type { OwnHearing } from '@manyi/config/audit';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserOfFile, openPage, rest } from './browser.ts';
import { idle, inviting, openCounter } from './counter.ts';

const browser = await browserOfFile();

const dialog = (page: Page) => page.getByRole('dialog', { name: '谁听过我' });
const words = (text: string | null) => text?.replaceAll(/\s+/g, ' ').trim();

function hearing(position: number, of: Partial<OwnHearing> = {}): OwnHearing {
  const why = '投诉复核：客户来电询问办理时间，请核对当时的解释是否完整';
  const [who, name, time] = ['chen', '陈主任', '2026-11-21T06:05:00.000Z'];
  return {
    position,
    who,
    name,
    time,
    what: 'recording.play',
    why,
    lastedMs: 83_000,
    ended: true,
    atMost: false,
    ...of,
  };
}

const known: HeardAnswer = {
  state: 'known',
  items: [
    hearing(9, { what: 'listening.start', lastedMs: null, ended: false, why: '服务抽查' }),
    hearing(7),
    hearing(6, { what: 'recording.download', lastedMs: null, who: 'wang', name: null, why: 'arbitration office' }),
    hearing(5, { lastedMs: null, why: 'training' }),
    hearing(3, { lastedMs: 8_200, atMost: true, why: 'training' }),
    hearing(2, { what: 'listening.start', lastedMs: 600_000, why: '<img src=x onerror="document.title=1">' }),
  ],
  next: null,
};

async function open(answer: HeardAnswer, viewport = { width: 1024, height: 600 }) {
  const counter = await openCounter(idle, { heard: async () => answer });
  const opened = await openPage(browser, counter.screen.address, { viewport });
  await opened.page.keyboard.press('h');
  await dialog(opened.page).waitFor();
  return { ...opened, counter };
}

it('shows the clerk who, when, what, how long and why, at the time of the site, newest first', async () => {
  const { page, errors } = await open(known);
  await page.getByText('投诉复核').waitFor();
  const rows = await dialog(page).getByRole('row').allInnerTexts();
  expect(rows.map(words)).toEqual([
    '时间 When 何人 Who 方式 What 时长 How long 说明的原因 Why, as they said',
    '2026-11-21 14:05 陈主任 chen 现场监听 listened in 尚未结束 not ended 服务抽查',
    '2026-11-21 陈主任 chen 播放录音 played 1:23 投诉复核：客户来电询问办理时间，请核对当时的解释是否完整',
    '2026-11-21 wang 下载录音 downloaded — arbitration office',
    '2026-11-21 陈主任 chen 播放录音 played 不明 not known training',
    '2026-11-21 陈主任 chen 播放录音 played ≤ 0:09 training',
    '2026-11-21 14:05 陈主任 chen 现场监听 listened in 10:00 <img src=x onerror="document.title=1">',
  ]);
  await dialog(page).getByText('次日才显示，且不含时刻').waitFor();
  await dialog(page).getByText('Plays and downloads show from the next day on, without the hour').waitFor();
  expect(await dialog(page).locator('img').count()).toBe(0);
  await page.evaluate(axe.source);
  const { violations }: AxeResults = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`))).toEqual([]);
  expect(errors).toEqual([]);
});

it.each([
  [{ state: 'known', items: [], next: null }, '目前没有人听过您 Nobody has listened to you so far.'],
  [{ state: 'offline' }, '离线，暂时无法查询，恢复连接后再试 Offline: try again when the line is back.'],
  [
    { state: 'not-yet' },
    '中心尚未收到您的上岗记录，请稍后再试 The hub has not heard yet that you are on duty: try again soon.',
  ],
  [
    { state: 'refused' },
    '查询失败，请稍后再试或联系管理员 The hub gave no list: try again later, or ask an administrator.',
  ],
] as const)('says so when the answer is %j', async (answer, said) => {
  const { page } = await open(answer);
  const state = dialog(page).getByRole('status');
  await state.getByText(said.slice(0, 4)).waitFor();
  expect(words(await state.textContent())).toBe(said);
  expect(await dialog(page).getByRole('row').count()).toBe(0);
});

it('says that it asks, and fetches what is older page by page', async () => {
  const cursors: (string | null)[] = [];
  const answers: ((answer: HeardAnswer) => void)[] = [];
  const counter = await openCounter(idle, {
    heard: (cursor) =>
      new Promise((resolve) => {
        cursors.push(cursor);
        answers.push(resolve);
      }),
  });
  const { page } = await openPage(browser, counter.screen.address);
  await page.keyboard.press('F10');
  await dialog(page).getByText('正在查询').waitFor();
  await expect.poll(() => cursors).toEqual([null]);
  answers[0]?.({ state: 'known', items: [hearing(9, { why: 'first' })], next: '9' });
  await dialog(page).getByRole('button', { name: '更早的' }).click();
  await expect.poll(() => cursors).toEqual([null, '9']);
  answers[1]?.({ state: 'known', items: [hearing(4, { why: 'second' })], next: null });
  await page.getByText('second').waitFor();
  await page.getByText('first').waitFor();
  expect(await page.locator('#heard-more').isVisible()).toBe(false);
});

it('opens by touch behind the clerk’s help, and closes by touch and by key', async () => {
  const counter = await openCounter(idle, { heard: async () => known });
  const { page } = await openPage(browser, counter.screen.address);
  await page.locator('#help-button').tap();
  await page.getByRole('button', { name: '谁听过我' }).tap();
  await dialog(page).waitFor();
  expect(await page.locator('#help').isVisible()).toBe(false);
  expect(await page.locator('main').evaluate((main) => (main as HTMLElement).inert)).toBe(true);
  await page.getByRole('button', { name: '关闭' }).tap();
  await dialog(page).waitFor({ state: 'hidden' });
  for (const key of ['h', 'Escape']) {
    await page.keyboard.press('h');
    await dialog(page).waitFor();
    await rest(page);
    await page.keyboard.press(key);
    await dialog(page).waitFor({ state: 'hidden' });
    await rest(page);
  }
  expect(await page.locator('main').evaluate((main) => (main as HTMLElement).inert)).toBe(false);
  expect(counter.inputs).toEqual([]);
});

it('cannot be opened while somebody is served or asked, nor without a clerk', async () => {
  const counter = await openCounter(inviting, { heard: async () => known });
  const { page } = await openPage(browser, counter.screen.address);
  await page.locator('#help-button').tap();
  await page.locator('#help').waitFor();
  expect(await page.locator('#heard-button').isVisible()).toBe(false);
  await page.keyboard.press('h');
  // The key after it shows that the first one has been heard.
  await rest(page);
  await page.keyboard.press('i');
  expect(await counter.heard()).toEqual({ type: 'invite' });
  expect(await dialog(page).isVisible()).toBe(false);
});

it('closes for the next customer, for another clerk, and with the line to the agent, and keeps nothing of it', async () => {
  const { page, counter } = await open(known);
  const closed = async () => {
    await dialog(page).waitFor({ state: 'hidden' });
    expect(await page.locator('#heard tbody').textContent()).toBe('');
  };
  counter.show({ ...inviting, phase: 'serving' });
  await closed();
  counter.show(idle);
  await page.locator('body[data-phase=idle]').waitFor();
  await page.keyboard.press('h');
  await page.getByText('投诉复核').waitFor();
  counter.show({ clerk: { id: 'C0018', name: '王', number: '0018', stars: null, photo: null } });
  await closed();
  await rest(page);
  await page.keyboard.press('h');
  await dialog(page).waitFor();
  await counter.screen.close();
  await page.locator('body[data-state=lost]').waitFor();
  await closed();
});

it('closes by itself when nobody has touched it for a minute', async () => {
  const counter = await openCounter(idle, { heard: async () => known });
  const { page } = await openPage(browser, counter.screen.address);
  await page.clock.install();
  await page.locator('#help-button').tap();
  await page.locator('#heard-button').tap();
  await page.getByText('投诉复核').waitFor();
  counter.show({ recording: true });
  await page.clock.runFor(4_000);
  counter.show({ recording: false });
  await page.clock.runFor(4_000);
  expect(await dialog(page).isVisible()).toBe(true);
  for (let passed = 8; passed < 61; passed += 4) {
    counter.show({ recording: passed % 8 === 0 });
    await page.clock.runFor(4_000);
  }
  await dialog(page).waitFor({ state: 'hidden' });
});

it.each([
  [1024, 600],
  [800, 480],
  [1280, 800],
  [480, 800],
  [600, 1024],
])('fits a panel of %i × %i beside the clerk’s card, and leaves the foot', async (width, height) => {
  const { page, counter } = await open(known, { width, height });
  await page.getByText('投诉复核').waitFor();
  counter.show({ listening: true });
  await page.locator('#listening').waitFor();
  const spilt = await page.evaluate(() => {
    const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
    const [page, card, foot, sign] = [box('#heard'), box('#clerk'), box('footer'), box('#listening')];
    const meets = (one: DOMRect, other: DOMRect) =>
      one.left < other.right - 1 &&
      one.right > other.left + 1 &&
      one.top < other.bottom - 1 &&
      one.bottom > other.top + 1;
    const list = document.querySelector('#heard-list') as HTMLElement;
    const head = [box('#heard h2'), box('#heard-close')];
    return {
      card: meets(page, card),
      foot: meets(page, foot),
      sign: head.some((part) => meets(part, sign)),
      wide: list.scrollWidth > list.clientWidth,
      beyond: page.right > innerWidth + 1 || head.some(({ right }) => right > innerWidth),
    };
  });
  expect(spilt).toEqual({ card: false, foot: false, sign: false, wide: false, beyond: false });
});
