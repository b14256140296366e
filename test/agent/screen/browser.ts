/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { loneKeyMs } from '@manyi/config/limits';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';

/** The machine's own Chromium, quiet and without its services. */
const quiet = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

export function openBrowser(): Promise<Browser> {
  return chromium.launch(quiet);
}

/** One for the running test, that can be ended as a machine ends whose plug is pulled. */
export async function openMortalBrowser(): Promise<{ readonly browser: Browser; kill(): Promise<void> }> {
  const server = await chromium.launchServer(quiet);
  onTestFinished(() => server.kill());
  return { browser: await chromium.connect(server.wsEndpoint()), kill: () => server.kill() };
}

/** One for all tests of a file, closed after the last. */
export async function browserOfFile(): Promise<Browser> {
  const browser = await openBrowser();
  afterAll(() => browser.close());
  return browser;
}

/** A page that is showing the counter, and every error it has made. */
export interface OpenPage {
  readonly page: Page;
  readonly errors: string[];
}

/** Opens the counter screen as a panel of that size does, for the running test, and waits until it is live. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1024, height: 600 }, hasTouch: true, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(address);
  await page.locator('body[data-state=live]').waitFor();
  return { page, errors };
}

/** What a keyboard-wedge reader does: a key every 8 ms, by the keys' own times, however busy the machine is. */
export async function scan(page: Page, code: string): Promise<void> {
  const keyboard = await page.context().newCDPSession(page);
  const start = Date.now() / 1000;
  const strokes = [...code, '\r'].flatMap((text, index) => {
    const key = text === '\r' ? 'Enter' : text;
    const timestamp = start + index * 0.008;
    const down = keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text, timestamp });
    return [down, keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key, timestamp })];
  });
  await Promise.all(strokes);
}

/** Lets the keyboard rest, as the rule for lone keys asks of people. */
export async function rest(page: Page): Promise<void> {
  await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), 3 * loneKeyMs);
}
