/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHub, type RunningHub } from '@manyi/hub/hub';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const built = new URL('../../hub/web/dist/index.html', import.meta.url);

/** The pages under test are the built ones, which `npm test` makes anew when their sources changed. */
export function requireDashboard(): void {
  if (!existsSync(built)) throw new Error('the dashboard is not built: run `npm test`, which builds it first');
}

/** A hub with the dashboard, on free ports and in a folder of its own. */
export interface Hall extends RunningHub {
  close(): Promise<void>;
}

export interface HallOptions {
  readonly adminPassword?: string | null;
  /** To start again where another hub of the same folder was. */
  readonly data?: string;
  readonly httpPort?: number;
}

/** Starts the whole hub; `close` also removes its folder when it was a temporary one. */
export async function startHall({ adminPassword = null, data, httpPort = 0 }: HallOptions = {}): Promise<Hall> {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'manyi-dashboard-'));
  const address = { host: '127.0.0.1', port: 0 };
  const settings = {
    data: folder,
    http: { ...address, port: httpPort },
    mqtt: address,
    adminPassword,
    logLevel: 'silent',
  } as const;
  const hub = createHub(settings);
  const running = await hub.start();
  return {
    ...running,
    async close() {
      await hub.close();
      if (data === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A page of the dashboard, and every error of its own scripts. */
export interface OpenDashboard {
  readonly page: Page;
  readonly errors: string[];
}

/** Opens a page in a browser of its own, in English unless said otherwise. */
export async function openDashboard(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenDashboard> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  await page.goto(address);
  return { page, errors };
}

/** Signs in by the form, in either language. */
export async function signInAs(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel(/^(User name|用户名)$/).fill(username);
  await page.getByLabel(/^(Password|密码)$/).fill(password);
  await page.keyboard.press('Enter');
}
