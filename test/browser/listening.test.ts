/// <reference lib="dom" />
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserOfFile, openPage } from '../agent/screen/browser.ts';
import { startLine } from '../listening/narrow-line.ts';
import { openRoom, type Room } from '../listening/room.ts';
import { adminPassword, eventually } from '../support/api.ts';
import { openDashboard, requireDashboard, signInAs } from './dashboard.ts';

requireDashboard();
const browser = await browserOfFile();

/** What goes to the loudspeakers goes here too: `pitch()` is the loudest frequency, `level()` the mean level of it. */
const ear = `
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to === this.context.destination) {
      const analyser = new AnalyserNode(this.context, { fftSize: 4096, smoothingTimeConstant: 0 });
      connect.call(this, analyser);
      window.heard = {
        level() {
          const samples = new Float32Array(analyser.fftSize);
          analyser.getFloatTimeDomainData(samples);
          return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
        },
        pitch() {
          const loudness = new Float32Array(analyser.frequencyBinCount);
          analyser.getFloatFrequencyData(loudness);
          return (loudness.indexOf(Math.max(...loudness)) * this.rate) / analyser.fftSize;
        },
        rate: this.context.sampleRate,
      };
    }
    return connect.call(this, to, ...more);
  };
`;

async function openFloor(url: string, locale = 'en-GB'): Promise<{ page: Page; errors: string[] }> {
  const opened = await openDashboard(browser, `${url}/favicon.svg`, { locale });
  await opened.page.addInitScript(ear);
  await opened.page.goto(`${url}/?site=main-hall`);
  await signInAs(opened.page, 'admin', adminPassword);
  return opened;
}

async function start(page: Page, purpose: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^(Why do you listen in\?|为什么监听？)$/).fill(purpose);
  await page.keyboard.press('Enter');
}

const listenTo = (page: Page) => page.getByRole('button', { name: /^(Listen in to |监听)1 号窗口$/ });
const said = (page: Page, words: string | RegExp) => page.getByRole('dialog').getByText(words).waitFor();
const level = (page: Page) => page.evaluate<number>('window.heard.level()');

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations }: AxeResults = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

const logged = async (room: Room) =>
  (await room.log()).map(({ who, what, why, detail }) => ({ who, what, why, detail }));

test.each(['en-GB', 'zh-CN'])(
  'a supervisor clicks, says why, and hears the tone at the counter, whose screen says so (%s)',
  async (locale) => {
    const room = await openRoom();
    const terminal = await room.terminal();
    const counter = await openPage(browser, terminal.screenAddress);
    const sign = counter.page.getByRole('status').getByText('监听中');
    const { page, errors } = await openFloor(room.url, locale);
    await listenTo(page).click();
    await start(page, ' ');
    await said(page, /^(Say why|请简要说明原因)/);
    expect(await room.log()).toEqual([]);
    expect(await sign.isVisible()).toBe(false);
    expect(await barriers(page)).toEqual([]);

    await start(page, '现场支援 help');
    await said(page, /^(You hear the counter live|正在实时收听窗口)$/);
    await eventually(
      () => level(page),
      (now) => now > 0.04,
    );
    expect(Math.abs((await page.evaluate<number>('window.heard.pitch()')) - 440)).toBeLessThan(8);
    expect(Number(await page.getByRole('meter').getAttribute('value'))).toBeGreaterThan(60);
    await sign.waitFor();
    expect(await counter.page.getByText('A supervisor is listening in').isVisible()).toBe(true);
    expect(await barriers(page)).toEqual([]);

    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    await eventually(
      () => level(page),
      (now) => now < 0.001,
    );
    const { ear: other } = await room.listen('counter-1', (await room.supervisor('chen', ['main-hall'])).token);
    await said(page, /^(Also listening: |同时在监听：)chen$/);
    const note = page.getByRole('dialog').locator('.ant-alert-info');
    expect(await note.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe('rgb(231, 240, 239)');
    other.hangUp();

    await page.getByRole('button', { name: /^(Stop listening|停止监听)$/ }).click();
    await sign.waitFor({ state: 'hidden' });
    await eventually(
      () => logged(room),
      (log) => log.length === 4,
    );
    const mine = (await logged(room)).filter(({ who }) => who === 'admin');
    expect(mine).toEqual([
      { who: 'admin', what: 'listening.start', why: '现场支援 help', detail: 'terminal-1' },
      { who: 'admin', what: 'listening.end', why: '现场支援 help', detail: 'left' },
    ]);
    expect([...errors, ...counter.errors]).toEqual([]);
    await Promise.all([page.context().close(), counter.page.context().close()]);
  },
);

test('closing the drawer, or the page, ends it', async () => {
  const room = await openRoom();
  await room.terminal();
  const { page } = await openFloor(room.url);
  await listenTo(page).click();
  await start(page, 'Spot check');
  await said(page, 'You hear the counter live');
  await page.keyboard.press('Escape');
  await eventually(
    () => logged(room),
    (log) => log.length === 2,
  );
  await listenTo(page).click();
  await start(page, 'Spot check');
  await said(page, 'You hear the counter live');
  await page.close();
  await eventually(
    () => logged(room),
    (log) => log.length === 4,
  );
  expect((await logged(room)).map(({ detail }) => detail)).toEqual(['terminal-1', 'left', 'terminal-1', 'left']);
  await page.context().close();
});

test('it says when the time is up, the terminal is away, and who may not', async () => {
  const room = await openRoom({ minutes: 0.05 });
  const terminal = await room.terminal();
  const { page } = await openFloor(room.url);
  await listenTo(page).click();
  await start(page, 'Spot check');
  await page.getByRole('alert').getByText('The time for one listening is up').waitFor();
  await page.getByRole('button', { name: 'Start listening' }).and(page.locator(':focus')).waitFor();
  await terminal.close();
  await start(page, 'Spot check');
  await page.getByRole('alert').getByText('The terminal is offline.').waitFor();
  await listenTo(page).waitFor({ state: 'hidden' });
  expect((await logged(room)).map(({ detail }) => detail)).toEqual(['terminal-1', 'limit']);
  await page.context().close();
});

test('a connection that breaks is made again, and the sound goes on', async () => {
  const room = await openRoom();
  await room.terminal();
  const line = await startLine(Number(new URL(room.url).port));
  const { page } = await openFloor(`http://127.0.0.1:${line.port}`);
  await listenTo(page).click();
  await start(page, 'Spot check');
  await said(page, 'You hear the counter live');
  line.cut();
  await said(page, 'Connection lost, trying again…');
  await said(page, 'You hear the counter live');
  await eventually(
    () => level(page),
    (now) => now > 0.04,
  );
  await page.getByRole('button', { name: 'Stop listening' }).click();
  await eventually(
    () => logged(room),
    (log) => log.length === 2,
  );
  expect((await logged(room)).map(({ detail }) => detail)).toEqual(['terminal-1', 'left']);
  await page.context().close();
});

test('nobody is offered to listen where there is nothing to hear', async () => {
  const room = await openRoom();
  await room.terminal(1, { MANYI_MICROPHONE: 'none' });
  await room.terminal(2, { MANYI_MICROPHONE_DEVICE: '/there/is/none.wav' });
  const { page } = await openFloor(room.url);
  await page.getByRole('article', { name: '2 号窗口' }).getByText('microphone failed').waitFor();
  await page.getByRole('article', { name: '1 号窗口' }).getByText('online').waitFor({ state: 'attached' });
  expect(await page.getByRole('button', { name: /^Listen in to/ }).count()).toBe(0);
  await page.context().close();
});
