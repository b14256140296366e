import type { ScreenPhase } from '@manyi/agent/screen/view';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserOfFile, openPage } from './browser.ts';
import { idle, inviting, openCounter } from './counter.ts';

const browser = await browserOfFile();

const phases: ScreenPhase[] = ['no-clerk', 'paused', 'idle', 'serving', 'invitation', 'thanks', 'reason'];
const sign = (page: Page) => page.locator('#listening');
/** Where everything stands that may be pressed or read, but for the sign. */
const places = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, #bar, #notice, footer, .photo, .person')]
      .filter((element) => element.checkVisibility())
      .map((element) => `${element.id}${element.className} ${JSON.stringify(element.getBoundingClientRect())}`),
  );

/** What the sign lies over, and what reaches out of it. */
const look = (page: Page) =>
  page.evaluate(() => {
    const element = document.getElementById('listening') as HTMLElement;
    const box = element.getBoundingClientRect();
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const spilt = [...element.children].filter((child) => {
      const inner = child.getBoundingClientRect();
      return inner.left < 0 || inner.right > innerWidth || inner.bottom > box.bottom + 1 || inner.top < box.top - 1;
    });
    const covered = [...document.querySelectorAll('button, .headline .zh, .headline .en')]
      .filter((other) => other.checkVisibility({ visibilityProperty: true }))
      .filter((other) => {
        const inner = other.getBoundingClientRect();
        return inner.top < box.bottom && inner.bottom > box.top && inner.left < box.right && inner.right > box.left;
      });
    const [zh] = element.getElementsByClassName('zh');
    return {
      onTop: at !== null && element.contains(at),
      spilt: spilt.length,
      covered: covered.map((other) => other.outerHTML),
      letters: Number.parseFloat(getComputedStyle(zh as Element).fontSize),
    };
  });

it.each([
  [1024, 600],
  [800, 480],
  [1920, 1080],
  [480, 800],
  [600, 1024],
])(
  'says on every page of a panel of %i × %i that somebody listens in, and nothing moves for it',
  async (width, height) => {
    const counter = await openCounter({ ...inviting, recording: true, notice: 'roster-unknown' });
    const { page, errors } = await openPage(browser, counter.screen.address, { viewport: { width, height } });
    for (const phase of phases) {
      counter.show({ phase, listening: false });
      await page.locator(`body[data-phase=${phase}]`).waitFor();
      await sign(page).waitFor({ state: 'hidden' });
      const before = await places(page);
      counter.show({ listening: true });
      await sign(page).waitFor();
      expect(await places(page)).toEqual(before);
      const shown = await look(page);
      expect(shown).toMatchObject({ onTop: true, spilt: 0, covered: [] });
      // Two metres away: as large as the words beneath the faces.
      expect(shown.letters).toBeGreaterThan(Math.min(width, height) / 28);
    }
    expect(errors).toEqual([]);
  },
);

it('tells it to those who cannot see it, in both languages, and apart from the recording', async () => {
  const counter = await openCounter({ ...idle, recording: true });
  const { page } = await openPage(browser, counter.screen.address);
  const status = page.getByRole('status').filter({ has: sign(page) });
  await page.getByText('本柜台录音中').waitFor();
  expect(await sign(page).isVisible()).toBe(false);
  counter.show({ listening: true, recording: false });
  await sign(page).waitFor();
  expect((await status.textContent())?.replaceAll(/\s+/g, ' ').trim()).toBe(
    '监听中：管理人员正在听 A supervisor is listening in',
  );
  expect(await sign(page).locator('[lang=zh]').count()).toBe(1);
  expect(await sign(page).locator('[lang=en]').count()).toBe(1);
  await page.getByText('本柜台录音中').waitFor({ state: 'hidden' });
  await page.evaluate(axe.source);
  const { violations }: AxeResults = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`))).toEqual([]);
});
