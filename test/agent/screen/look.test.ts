import { createScreen } from '@manyi/agent/screen/server';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserOfFile, openPage, rest } from './browser.ts';
import { facesOf, idle, inviting, openCounter } from './counter.ts';

const browser = await browserOfFile();

const phase = (page: Page, name: string) => page.locator(`body[data-phase=${name}]`).waitFor();

it('weighs under 100 KB with everything that a visit loads, and asks nobody else', async () => {
  const counter = await openCounter(idle);
  const page = await (await browser.newContext()).newPage();
  const foreign: string[] = [];
  const bodies: Promise<number>[] = [];
  page.on('response', (response) => {
    if (!response.url().startsWith(counter.screen.address)) foreign.push(response.url());
    bodies.push(response.body().then((body) => body.length));
  });
  await page.goto(counter.screen.address, { waitUntil: 'networkidle' });
  const bytes = (await Promise.all(bodies)).reduce((sum, size) => sum + size, 0);
  expect(bodies.length).toBeGreaterThan(10);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(100_000);
  expect(foreign).toEqual([]);
});

it.each([
  [1024, 600],
  [800, 480],
  [1280, 800],
  [1920, 1080],
  [480, 800],
  [600, 1024],
  [1080, 1920],
])('fits a panel of %i × %i, and nothing moves when the question is put', async (width, height) => {
  const counter = await openCounter(idle);
  const { page } = await openPage(browser, counter.screen.address, { viewport: { width, height } });
  for (const profile of ['four-key', 'five-level'] as const) {
    const levels = facesOf(profile);
    counter.show({ ...idle, levels, notice: 'not-enrolled', recording: true, paused: true, clerk: longNamed });
    await page.locator(`#faces[data-count="${levels.length}"]`).waitFor();
    const before = await boxes(page);
    expect(await spilt(page)).toEqual([]);
    counter.show({ ...inviting, levels, notice: 'storage-failed' });
    await phase(page, 'invitation');
    expect(await boxes(page)).toEqual(before);
    expect(await spilt(page)).toEqual([]);
    // Readable at two metres: a face is at least an eighth of the panel's shorter side.
    const drawn = await page
      .locator('.face svg')
      .first()
      .evaluate((svg) => svg.clientWidth);
    expect(drawn).toBeGreaterThan(Math.min(width, height) / 8);
    counter.show({ phase: 'reason' });
    await phase(page, 'reason');
    expect(await spilt(page)).toEqual([]);
  }
});

it('lets the bar run down over what is left of the invitation', async () => {
  const counter = await openCounter({ ...inviting, countdown: { closesInMs: 5000, totalMs: 20_000 } });
  const { page } = await openPage(browser, counter.screen.address);
  const bar = page.getByRole('progressbar', { name: '剩余时间 Time left' });
  expect(await bar.getAttribute('aria-valuemax')).toBe('20');
  expect(Number(await bar.getAttribute('aria-valuenow'))).toBeLessThanOrEqual(5);
  const share = await page.evaluate(() => {
    const width = (id: string) => document.getElementById(id)?.getBoundingClientRect().width ?? 0;
    return width('left') / width('bar');
  });
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThanOrEqual(0.25);
  counter.show({ ...idle });
  await bar.waitFor({ state: 'hidden' });
});

it('moves in steps for those who asked for less motion', async () => {
  const counter = await openCounter(inviting);
  const { page } = await openPage(browser, counter.screen.address, { reducedMotion: 'reduce' });
  const motion = await page.evaluate(() => document.getAnimations().map((one) => one.effect?.getTiming().easing));
  expect(motion).toEqual([expect.stringContaining('steps(13')]);
});

it('is told to those who cannot see it, in both languages', async () => {
  const counter = await openCounter(idle);
  const { page } = await openPage(browser, counter.screen.address);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('欢迎光临');
  await page.locator('[aria-live=polite]', { hasText: '欢迎光临' }).waitFor();
  counter.show({ ...inviting, notice: 'badge-refused' });
  await page.locator('[aria-live=polite]', { hasText: '请为本次服务打分 How was your service today?' }).waitFor();
  await page.getByRole('alert').filter({ hasText: '工牌无效' }).waitFor();
  expect(await page.getByRole('complementary').ariaSnapshot()).toContain('4 星 4 of 5 stars');
  const names = await page.getByRole('button').allInnerTexts();
  expect(names.map((name) => name.replace(/\s+/g, ' '))).toEqual([
    '非常满意 Very satisfied',
    '满意 Satisfied',
    '一般 Average',
    '不满意 Dissatisfied',
    '暂不评价 Not now',
    '?',
  ]);
});

it('lets the keyboard go from the best face to the last button, and shows where it is', async () => {
  const counter = await openCounter(inviting);
  const { page } = await openPage(browser, counter.screen.address);
  const visited: (string | null)[] = [];
  for (let n = 0; n < 6; n++) {
    // Two tabs within 80 ms would be a reader's.
    await rest(page);
    await page.keyboard.press('Tab');
    visited.push(
      await page.evaluate(() => {
        const focused = document.activeElement;
        if (!(focused instanceof HTMLElement) || Number.parseFloat(getComputedStyle(focused).outlineWidth) < 2)
          return null;
        return focused.dataset['level'] ?? focused.id;
      }),
    );
  }
  expect(visited).toEqual([...facesOf('four-key').map(({ name }) => name), 'not-now', 'help-button']);
});

it('shows names as text, whatever they contain', async () => {
  const name = '<img src=x onerror="document.title=1"> & "王"';
  const counter = await openCounter({ ...idle, counter: name, clerk: { ...clerk(), name, number: name } });
  const { page, errors } = await openPage(browser, counter.screen.address);
  expect(await page.locator('#name').textContent()).toBe(name);
  expect(await page.locator('#counter').textContent()).toBe(name);
  expect(await page.locator('aside img').count()).toBe(1);
  expect(errors).toEqual([]);
});

it('shows the clerk, and without one asks for a badge', async () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const counter = await openCounter({ ...idle, clerk: { ...clerk(), photo: '/photos/1' } }, { photo: () => png });
  const { page, errors } = await openPage(browser, counter.screen.address);
  await page.locator('#photo').waitFor();
  expect(await page.locator('aside').textContent()).toMatch(/林晓雯\s+工号Staff number 0017\s+★★★★☆\s+[\s\S]*3 号窗口/);
  counter.show({ clerk: { ...clerk(), stars: null, photo: null } });
  await page.locator('#photo').waitFor({ state: 'hidden' });
  expect(await page.locator('#stars').isVisible()).toBe(false);
  counter.show({ clerk: null, phase: 'no-clerk' });
  await page.getByText('请刷工牌上岗').waitFor();
  expect(await page.locator('#on-duty').isVisible()).toBe(false);
  expect(errors).toEqual([]);
});

it('tells the time of the site, and of the recording only while there is one', async () => {
  const counter = await openCounter(idle);
  const { page } = await openPage(browser, counter.screen.address, { timezoneId: 'America/New_York' });
  expect(await page.locator('#clock').textContent()).toBe('09:31');
  expect(await page.getByText('本柜台录音中').isVisible()).toBe(false);
  counter.show({ recording: true });
  await page.getByText('本柜台录音中').waitFor();
  counter.show({ recording: false, online: false });
  await page.getByText('离线，评价保存在本机').waitFor();
});

it('says that it has lost its agent, presses nothing then, and comes back by itself', async () => {
  const counter = await openCounter(inviting);
  const { page } = await openPage(browser, counter.screen.address);
  await counter.screen.close();
  await page.getByRole('alert').filter({ hasText: '正在重新连接' }).waitFor();
  await page.keyboard.press('1');
  const inputs: unknown[] = [];
  const port = Number(new URL(counter.screen.address).port);
  const back = await createScreen({
    port,
    view: () => ({ ...idle, phase: 'serving' }),
    onInput: (input) => void inputs.push(input),
  });
  await phase(page, 'serving');
  await page.locator('#lost').waitFor({ state: 'hidden' });
  await page.close();
  expect(inputs).toEqual([]);
  await back.close();
});

it('does not trust an agent that has fallen silent', async () => {
  const counter = await openCounter(idle);
  const { page } = await openPage(browser, counter.screen.address);
  // Time is in the test's hand: the page hears nothing for longer than any heartbeat takes.
  await page.clock.install();
  counter.show({ phase: 'serving' });
  await phase(page, 'serving');
  await page.clock.pauseAt(Date.now() + 20_000);
  await page.getByRole('alert').filter({ hasText: '正在重新连接' }).waitFor();
  await page.clock.runFor(1500);
  await page.locator('body[data-state=live]').waitFor();
});

function clerk() {
  return { id: 'C0017', name: '林晓雯', number: '0017', stars: 4, photo: null };
}

const longNamed = { ...clerk(), name: 'Alexandra Papadopoulou-Featherstonehaugh', number: 'AB-0017-XYZ-123456' };

/** Where the faces lie. */
function boxes(page: Page): Promise<unknown[]> {
  return page.locator('.face').evaluateAll((faces) => faces.map((face) => face.getBoundingClientRect().toJSON()));
}

/** What reaches beyond the panel, the clerk's card or its own button, and what lies over a face. */
function spilt(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const beyond = (outer: DOMRect, inner: DOMRect) =>
      inner.left < outer.left - 1 ||
      inner.top < outer.top - 1 ||
      inner.right > outer.right + 1 ||
      inner.bottom > outer.bottom + 1;
    const panel = new DOMRect(0, 0, innerWidth, innerHeight);
    const found: string[] = [];
    const card = document.querySelector('aside')?.getBoundingClientRect();
    for (const line of document.querySelectorAll('aside p')) {
      const box = line.getBoundingClientRect();
      if (card && box.width > 0 && beyond(card, box)) found.push(`${line.id || line.className} beyond the card`);
    }
    const notice = document.querySelector('#notice')?.getBoundingClientRect();
    for (const face of document.querySelectorAll('.face')) {
      if (notice && notice.height > 0 && notice.top < face.getBoundingClientRect().bottom)
        found.push('notice over a face');
    }
    for (const element of document.querySelectorAll('button, h1, #notice, footer p, aside p')) {
      const box = element.getBoundingClientRect();
      if (box.width > 0 && beyond(panel, box)) found.push(`${element.id || element.className} beyond the panel`);
      for (const part of element.querySelectorAll('span')) {
        const inner = part.getBoundingClientRect();
        if (inner.width > 1 && beyond(box, inner)) found.push(`${part.textContent} beyond its ${element.tagName}`);
      }
    }
    return found;
  });
}
