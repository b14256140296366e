import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type Browser, launch } from 'puppeteer-core';
import { eventually } from '../support/api.ts';
import { freePort } from '../support/process.ts';
import { openSession, type WebDriver } from './webdriver.ts';

/** A browser of some make, with a window in which somebody visits pages. */
export interface Engine {
  /** What it says that it is. */
  readonly version: string;
  readonly web: WebDriver;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

export async function openChromium(environment: Environment): Promise<Engine> {
  const browser = await launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    ignoreDefaultArgs: ['--mute-audio'],
    env: { ...process.env, ...environment },
  });
  return visited(browser);
}

/** Debian's Firefox, over WebDriver BiDi. */
export async function openFirefox(environment: Environment): Promise<Engine> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    env: { ...process.env, ...environment },
  });
  return visited(browser);
}

async function visited(browser: Browser): Promise<Engine> {
  const page = await browser.newPage();
  return {
    version: await browser.version(),
    web: {
      goTo: async (url) => void (await page.goto(url)),
      run: (script) => page.evaluate(`(() => { ${script} })()`) as Promise<never>,
      async click(selector) {
        await page.waitForSelector(selector, { visible: true });
        await page.click(selector);
      },
      type: (selector, text) => page.locator(selector).fill(text),
      close: () => page.close(),
    },
    close: () => browser.close(),
  };
}

/** A screen that nobody sees has no graphics card. */
const plain = { WEBKIT_DISABLE_DMABUF_RENDERER: '1', WEBKIT_DISABLE_COMPOSITING_MODE: '1', NO_AT_BRIDGE: '1' };

/** WebKitGTK in its own small browser: Safari's engine, as far as it exists outside Apple's systems. */
export async function openWebKit(environment: Environment): Promise<Engine> {
  const ends: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of ends.toReversed()) await end();
  };
  const screen = start('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {});
  ends.push(screen.end);
  const display = `:${await screen.firstWord}`;
  const port = await freePort();
  const driver = start('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], {
    ...environment,
    ...plain,
    DISPLAY: display,
  });
  ends.push(driver.end);
  const address = `http://127.0.0.1:${port}`;
  await eventually(() => isUp(address), Boolean);
  const options = { binary: miniBrowser(), args: ['--automation'] };
  const { web, browser } = await openSession(address, { 'webkitgtk:browserOptions': options });
  ends.push(web.close);
  return { version: `WebKitGTK ${browser}`, web, close };
}

function miniBrowser(): string {
  const libraries = '/usr/lib';
  const found = readdirSync(libraries).find((name) => name.endsWith('-linux-gnu'));
  return `${libraries}/${found}/webkit2gtk-4.1/MiniBrowser`;
}

const isUp = (address: string) =>
  fetch(`${address}/status`).then(
    ({ ok }) => ok,
    () => false,
  );

interface Started {
  readonly firstWord: Promise<string>;
  /** Ends it, with all that it has started. */
  readonly end: () => Promise<void>;
}

function start(program: string, args: readonly string[], environment: Environment): Started {
  const child: ChildProcess = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = once(child, 'exit');
  const kill = () => process.kill(-(child.pid ?? 0), 'SIGKILL');
  // Also when the test is broken off.
  process.on('exit', kill);
  const firstWord = new Promise<string>((resolve) => {
    child.stdout?.once('data', (data: Buffer) => resolve(String(data).trim()));
  });
  return {
    firstWord,
    async end() {
      process.off('exit', kill);
      kill();
      await ended;
    },
  };
}
