import type { RecordingSettings } from '@manyi/hub/recordings/recordings';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { bring, hallOfTest } from '../../browser/recorded.ts';
import { allRatings } from '../../support/records.ts';
import { makeClip } from './clips.ts';

/** What keeps a hub from taking recordings in, and how that comes and goes while it runs. */
export interface Trouble {
  readonly settings: RecordingSettings;
  spoil(): void;
  mend(): void;
}

/** What the dashboard says of it: the title, what to do, and the cause. */
export type Said = readonly [Words, Words, Words];
type Words = readonly [english: string, chinese: string];

/** Floor and recordings say what to do, in both languages, while ratings and what is stored go on; and no clip is lost. */
export async function expectSaid(browser: Browser, trouble: Trouble, [title, mend, cause]: Said): Promise<void> {
  const { studio, terminals, open } = await hallOfTest(browser, { settings: trouble.settings });
  const [terminal] = terminals;
  const stored = await bring(terminal, { level: 'satisfied' }, makeClip(1));
  trouble.spoil();
  const clip = makeClip(1);
  await terminal.tell(clip, { level: 'satisfied' });
  await expect(terminal.send(clip, { retryDelays: null })).rejects.toThrow(/50[37]/);
  expect(await allRatings(studio.api)).toHaveLength(2);
  const heard = await studio.hear(stored.recording);
  expect(Buffer.from(await heard.arrayBuffer()).equals(stored.bytes)).toBe(true);

  const { page, errors } = await open('/');
  for (const [language, turn] of [
    [0, 'Switch to Chinese: 中文'],
    [1, null],
  ] as const) {
    await page.goto(studio.url);
    const item = page.getByRole('complementary').getByRole('listitem').filter({ hasText: title[language] });
    await item.getByText(mend[language]).waitFor();
    await item.getByRole('link').click();
    const banner = page.getByRole('alert').filter({ hasText: title[language] });
    await banner.getByText(mend[language]).waitFor();
    await banner.getByText(cause[language]).waitFor();
    if (turn !== null) await page.getByRole('button', { name: turn }).click();
  }

  trouble.mend();
  await terminal.send(clip);
  const later = await studio.hear(clip.recording);
  expect(Buffer.from(await later.arrayBuffer()).equals(clip.bytes)).toBe(true);
  await page.goto(studio.url);
  await page.getByText('目前没有需要处理的事').waitFor();
  expect(errors).toEqual([]);
}
