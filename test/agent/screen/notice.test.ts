/// <reference lib="dom" />
import { expect, test } from 'vitest';
import { browserOfFile, openPage } from './browser.ts';
import { idle, openCounter } from './counter.ts';

const browser = await browserOfFile();

/** How light a colour is, as WCAG 2 has it. */
function lightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each([
  [1024, 600],
  [600, 1024],
])('that it is recorded is told in dark and heavy letters on a counter of %i × %i', async (width, height) => {
  const counter = await openCounter({ ...idle, recording: true });
  const { page } = await openPage(browser, counter.screen.address, { viewport: { width, height } });
  const notice = page.getByText('本柜台录音中，用于服务质量改进');
  await notice.waitFor();
  const [ink, paper, weight] = await notice.evaluate((element) => {
    const { color, fontWeight } = getComputedStyle(element);
    return [color, getComputedStyle(document.body).backgroundColor, Number(fontWeight)] as const;
  });
  const contrast = (lightness(paper) + 0.05) / (lightness(ink) + 0.05);
  expect([contrast > 12, weight]).toEqual([true, 600]);
});
