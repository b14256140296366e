import type { Browser, Locator, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { openDashboard, signInAs } from '../browser/dashboard.ts';
import { adminPassword } from '../support/api.ts';
import type { Hall } from '../support/hall.ts';

/** What the floor says needs somebody: a title, and words below it. */
export type Said = readonly [title: string, words: RegExp];

/** The floor of a hall, as an administrator sees it, in a language. */
export async function openFloor(browser: Browser, { hub }: Hall, locale: 'en-GB' | 'zh-CN'): Promise<Page> {
  const { page } = await openDashboard(browser, hub.url, { locale });
  onTestFinished(() => page.context().close());
  await signInAs(page, 'admin', adminPassword);
  return page;
}

export function itemOf(floor: Page, [title, words]: Said): Locator {
  return floor.getByRole('complementary').getByRole('listitem').filter({ hasText: title }).filter({ hasText: words });
}
