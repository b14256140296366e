import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOfFile, openPage, rest, scan } from './browser.ts';
import { facesOf, idle, inviting, openCounter } from './counter.ts';

const browser = await browserOfFile();

const face = (page: Page, name: string) => page.getByRole('button', { name });

describe('a customer', () => {
  it('rates by touch', async () => {
    const counter = await openCounter(inviting);
    const { page, errors } = await openPage(browser, counter.screen.address);
    await face(page, '一般 Average').tap();
    expect(await counter.heard()).toEqual({ type: 'press', level: 'average' });
    expect(errors).toEqual([]);
  });

  it('rates before the question is put', async () => {
    const counter = await openCounter({ ...idle, phase: 'serving' });
    const { page } = await openPage(browser, counter.screen.address);
    await face(page, '不满意 Dissatisfied').tap();
    expect(await counter.heard()).toEqual({ type: 'press', level: 'dissatisfied' });
  });

  it('rates by a finger that slides off the face', async () => {
    const counter = await openCounter(inviting);
    const { page } = await openPage(browser, counter.screen.address);
    const box = await face(page, '满意 Satisfied').boundingBox();
    await page.mouse.move((box?.x ?? 0) + 10, (box?.y ?? 0) + 10);
    await page.mouse.down();
    await page.mouse.move(2, 2);
    await page.mouse.up();
    expect(await counter.heard()).toMatchObject({ type: 'press' });
    expect(counter.inputs).toHaveLength(1);
  });

  it('who touches two faces with two fingers is asked for one', async () => {
    const counter = await openCounter(inviting);
    const { page } = await openPage(browser, counter.screen.address);
    const middles = await Promise.all(
      ['满意 Satisfied', '不满意 Dissatisfied'].map(async (name) => {
        const box = await page.getByRole('button', { name, exact: true }).boundingBox();
        return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
      }),
    );
    const fingers = await page.context().newCDPSession(page);
    const touchPoints = middles.map((at, id) => ({ ...at, id }));
    await fingers.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    expect([await counter.heard(), await counter.heard()]).toEqual([
      { type: 'press', level: 'satisfied' },
      { type: 'press', level: 'dissatisfied' },
    ]);
    counter.show({ asksAgain: true });
    await page.getByRole('heading', { name: '请只按一个表情 Please press just one face.' }).waitFor();
    expect(await page.locator('#announcement').textContent()).toContain('请只按一个表情');
    await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    counter.show({ asksAgain: false });
    await page.getByRole('heading', { name: '请为本次服务打分' }).waitFor();
  });

  it('rates with the keys 1 to 4', async () => {
    const counter = await openCounter(inviting);
    const { page } = await openPage(browser, counter.screen.address);
    for (const [index, { name }] of facesOf('four-key').entries()) {
      await page.keyboard.press(String(index + 1));
      expect(await counter.heard()).toEqual({ type: 'press', level: name });
    }
    await page.keyboard.press('5');
    await rest(page);
    expect(counter.inputs).toHaveLength(4);
  });

  it('rates with the keys 1 to 5 where there are five levels', async () => {
    const counter = await openCounter({ ...inviting, levels: facesOf('five-level') });
    const { page } = await openPage(browser, counter.screen.address);
    await page.keyboard.press('5');
    expect(await counter.heard()).toEqual({ type: 'press', level: 'very-dissatisfied' });
  });

  it('rates with tab and Enter, as a screen reader does', async () => {
    const counter = await openCounter(inviting);
    const { page } = await openPage(browser, counter.screen.address);
    await face(page, '非常满意 Very satisfied').focus();
    await page.keyboard.press('Enter');
    expect(await counter.heard()).toEqual({ type: 'press', level: 'very-satisfied' });
    expect(counter.inputs).toHaveLength(1);
  });

  it('says not now', async () => {
    const counter = await openCounter(inviting);
    const { page } = await openPage(browser, counter.screen.address);
    await expect
      .poll(async () => {
        await page.getByRole('button', { name: '暂不评价 Not now' }).tap();
        return counter.inputs[0];
      })
      .toEqual({ type: 'not-now' });
  });

  it('is thanked only after the agent has kept the rating, and nothing shows what was pressed', async () => {
    let kept = () => {};
    const counter = await openCounter(inviting, {
      onInput: () =>
        new Promise((resolve) => {
          kept = resolve;
        }),
    });
    const { page } = await openPage(browser, counter.screen.address);
    await face(page, '不满意 Dissatisfied').tap();
    await counter.heard();
    await page.locator('body[data-state=sending]').waitFor();
    counter.screen.update();
    expect(await page.locator('#thanks').isVisible()).toBe(false);
    expect(await page.locator('#ask').isVisible()).toBe(true);
    expect(new Set(await looks(page)).size).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');

    counter.show({ phase: 'thanks', countdown: null });
    kept();
    await page.locator('#thanks').waitFor();
    await page.locator('body[data-state=live]').waitFor();
    expect(await page.locator('#announcement').textContent()).toContain('谢谢您');
    expect(await page.content()).not.toContain('aria-pressed');
  });

  it('is told when the rating could not be kept, and is not thanked', async () => {
    const counter = await openCounter(inviting, { onInput: () => Promise.reject(new Error('disk full')) });
    const { page } = await openPage(browser, counter.screen.address);
    await face(page, '一般 Average').tap();
    await page.getByText('暂时无法保存评价').waitFor();
    expect(await page.locator('#thanks').isVisible()).toBe(false);
    await page.locator('body[data-state=live]').waitFor();
    counter.show({ notice: 'not-enrolled' });
    await page.getByText('本终端尚未登记').waitFor();
  });

  it('gives one reason or none, and no finger still on the glass gives it', async () => {
    const counter = await openCounter(inviting);
    const { page } = await openPage(browser, counter.screen.address);
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    counter.show({ phase: 'reason', countdown: { closesInMs: 8000, totalMs: 10_000 } });
    const reason = page.getByRole('button', { name: '等候时间 Waiting time' });
    await reason.tap();
    await page.clock.fastForward(500);
    await page.getByRole('button', { name: '跳过 Skip' }).tap();
    expect(await counter.heard()).toEqual({ type: 'skip' });
    await reason.tap();
    expect(await counter.heard()).toEqual({ type: 'reason', reason: 'waiting' });
    expect(counter.inputs).toHaveLength(2);
    expect(
      await page
        .getByRole('button')
        .filter({ has: page.locator('.zh') })
        .count(),
    ).toBe(6);
  });
});

describe('a clerk', () => {
  it('shows a badge to a reader that types, and no face is pressed', async () => {
    const counter = await openCounter(inviting);
    const { page, errors } = await openPage(browser, counter.screen.address);
    await face(page, '非常满意 Very satisfied').focus();
    for (const code of ['0004711', '1234', 'n2e4i1p3']) {
      await scan(page, code);
      expect(await counter.heard()).toEqual({ type: 'badge', code });
      await rest(page);
    }
    expect(counter.inputs).toHaveLength(3);
    expect(errors).toEqual([]);
  });

  it('calls, invites, ends, pauses and resumes with keys of their own', async () => {
    const counter = await openCounter(idle);
    const { page } = await openPage(browser, counter.screen.address);
    const keys = { n: 'next', i: 'invite', e: 'end', p: 'pause', F2: 'next', F4: 'invite', F8: 'end', F9: 'pause' };
    for (const [key, type] of Object.entries(keys)) {
      await page.keyboard.press(key);
      expect(await counter.heard()).toEqual({ type });
    }
    const paused = page.getByRole('status').filter({ hasText: '暂停服务 Paused' });
    expect(await paused.count()).toBe(0);
    // A clerk may pause while somebody is still served: the same key takes it back there too.
    for (const phase of ['paused', 'serving'] as const) {
      counter.show({ phase, paused: true });
      await page.locator(`body[data-phase=${phase}]`).waitFor();
      await paused.waitFor();
      await page.keyboard.press('p');
      expect(await counter.heard()).toEqual({ type: 'resume' });
    }
  });

  it('finds the keys behind the question mark, and they go when something happens', async () => {
    const counter = await openCounter(idle);
    const { page } = await openPage(browser, counter.screen.address);
    const help = page.getByRole('region', { name: 'Keys for the clerk' });
    await page.getByRole('button', { name: 'Keys for the clerk' }).click();
    await help.waitFor();
    expect(await help.textContent()).toContain('下一位');
    counter.show(inviting);
    await help.waitFor({ state: 'hidden' });
  });
});

/** How each face looks, apart from its own drawing. */
function looks(page: Page): Promise<string[]> {
  return page.locator('.face').evaluateAll((faces) =>
    faces.map((element) => {
      const style = getComputedStyle(element);
      return [
        style.backgroundColor,
        style.borderColor,
        style.boxShadow,
        style.outline,
        style.transform,
        style.opacity,
      ].join();
    }),
  );
}
