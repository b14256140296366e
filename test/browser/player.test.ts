/// <reference lib="dom" />
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '@manyi/config/recordings';
import { bytesOf } from '@manyi/firmware/sound/format';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../agent/screen/browser.ts';
import { find } from '../firmware/likeness.ts';
import { speak } from '../firmware/sound-server.ts';
import { type Clip, clipOfSpeech, makeNoise } from '../hub/recordings/clips.ts';
import { temporaryFolder } from '../support/folder.ts';
import { requireDashboard } from './dashboard.ts';
import {
  bring,
  type Listener,
  type ListenerOptions,
  openListener,
  type RecordedHall,
  startRecordedHall,
} from './recorded.ts';

const pressedAtMs = 9_000;

let browser: Browser;
let hall: RecordedHall;
let passedMs = 0;

beforeAll(async () => {
  requireDashboard();
  browser = await openBrowser();
  hall = await startRecordedHall({ now: () => Date.now() + passedMs });
});
afterAll(async () => {
  await browser.close();
  await hall.close();
});

function open(path: string, options: ListenerOptions = {}): Promise<Listener> {
  return openListener(browser, `${hall.studio.url}${path}`, options);
}

function bad(): Promise<Clip> {
  return bring(hall.terminals[0], { level: 'dissatisfied', data: { pressedAtMs } });
}

/** Says why, and plays. */
async function play(page: Page): Promise<void> {
  await page.getByLabel('Why do you want to listen?').fill('complaint 17');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
}

/** Runs in the page: what its browser makes of the sound that it was given, as 16-bit samples at 16 kHz. */
async function decoded(): Promise<number[]> {
  const { heard } = window as unknown as { heard: HTMLAudioElement };
  const answer = await fetch(heard.src);
  const context = new OfflineAudioContext(1, 1, 16_000);
  const sound = await context.decodeAudioData(await answer.arrayBuffer());
  return Array.from(sound.getChannelData(0), (sample) => Math.round(sample * 32_767));
}

test('plays once a purpose was given, from the press where that is wanted, and it is in the audit log', async () => {
  const clip = await bad();
  const { page, errors, sound } = await open(`/recordings/${clip.recording}`);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByText('Say why, in a few words.').waitFor();
  expect([await sound(), await hall.auditOf(clip)]).toMatchObject([{ address: '' }, []]);

  await play(page);
  await expect.poll(async () => (await sound()).at).toBeGreaterThan(0.3);
  expect((await sound()).address).toContain('format=ogg');
  expect((await hall.auditOf(clip))[0]).toMatchObject({ who: 'admin', what: 'recording.play', why: 'complaint 17' });

  const wave = await page.locator('.wave').boundingBox();
  const press = await page.locator('.wave-press').boundingBox();
  const share = ((press?.x ?? 0) - (wave?.x ?? 0)) / (wave?.width ?? 1);
  expect(share).toBeCloseTo(pressedAtMs / clip.durationMs, 2);

  await page.getByRole('button', { name: 'To the press' }).click();
  await expect.poll(async () => (await sound()).at).toBeGreaterThanOrEqual(9);
  await page.getByText('0.75×').click();
  expect((await sound()).rate).toBe(0.75);
  expect(errors).toEqual([]);
});

test('draws the outline of the sound as soon as it is made', async () => {
  const clip = await bad();
  const { page } = await open(`/recordings/${clip.recording}`);
  // The hub makes it below everything else in priority.
  await page.locator('.wave path[d^=M]').first().waitFor({ state: 'attached', timeout: 50_000 });
});

test('is moved by keys alone, and tells where it stands', async () => {
  const clip = await bad();
  const { page, sound } = await open(`/recordings/${clip.recording}`);
  await page.getByLabel('Why do you want to listen?').fill('complaint 17');
  await page.keyboard.press('Enter');
  const button = page.getByRole('button', { name: 'Pause' });
  await button.and(page.locator(':focus')).waitFor();
  await expect.poll(async () => (await sound()).at).toBeGreaterThan(0.2);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await sound()).isPaused).toBe(true);
  await page.keyboard.press('p');
  await expect.poll(async () => (await sound()).at).toBe(9);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await sound()).at).toBe(4);
  const slider = page.getByRole('slider', { name: 'Place in the recording' });
  expect(await slider.getAttribute('aria-valuetext')).toBe('0:04 of 0:12');
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await sound()).at).toBe(9);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await sound()).isPaused).toBe(false);
});

test('tells how long it was heard; a play that is over is begun anew in the audit log', async () => {
  const clip = await bad();
  const { page, sound } = await open(`/recordings/${clip.recording}`);
  await play(page);
  await expect.poll(async () => (await sound()).at).toBeGreaterThan(0.5);
  const told = page.waitForResponse((answer) => answer.url().endsWith('/playing'));
  await page.keyboard.press('Space');
  await told;
  passedMs += 10 * 60_000;
  await page.keyboard.press('Space');
  await expect.poll(async () => (await sound()).isPaused).toBe(false);
  const [again, played, first] = await hall.auditOf(clip);
  expect([again?.what, played?.what, first?.what]).toEqual(['recording.play', 'recording.played', 'recording.play']);
  expect(again?.why).toBe('complaint 17');
  expect(played?.lastedMs).toBeGreaterThan(500);
  expect(played?.lastedMs).toBeLessThan(60_000);

  await page.goto(`${hall.studio.url}/audit/clerks/C0017`);
  const row = page.getByRole('row', { name: /admin played Counter 1 complaint 17/ });
  await row.first().waitFor();
  await page.goto(`${hall.studio.url}/audit?recording=${clip.recording}`);
  await page.getByRole('row', { name: /stopped playing .*ends no\. \d+/ }).waitFor();
  const rows = page.locator('tbody .ant-table-row');
  expect(await rows.count()).toBe(3);
  await page.getByRole('combobox', { name: 'What' }).click();
  await page.getByTitle('stopped playing').click();
  await expect.poll(() => rows.count()).toBe(1);
});

test('lets go of the sound in a long pause, and goes on where it was', async () => {
  const clip = await bad();
  const { page, sound } = await open(`/recordings/${clip.recording}`);
  await page.clock.install();
  await page.reload();
  await play(page);
  await page.getByRole('button', { name: 'To the press' }).click();
  await expect.poll(async () => (await sound()).at).toBeGreaterThanOrEqual(9);
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Pause' }).click();
  // The player hears that the sound has paused a little later, and only then counts how long.
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await page.clock.fastForward(61_000);
  await expect.poll(async () => (await sound()).address).toBe('');
  const slider = page.getByRole('slider', { name: 'Place in the recording' });
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/^0:(09|10) of 0:12$/);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(async () => (await sound()).isPaused).toBe(false);
  expect((await sound()).at).toBeGreaterThanOrEqual(9);
});

test('a player that is left while its sound is being made stays silent', async () => {
  const clip = await bad();
  const { page, sound } = await open(`/recordings/${clip.recording}`);
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/audio?*', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByLabel('Why do you want to listen?').fill('complaint 17');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const asked = page.waitForResponse((one) => one.url().includes('/audio?'));
  await page.getByRole('link', { name: 'All recordings' }).click();
  await page.getByRole('heading', { name: 'Recordings' }).waitFor();
  answer();
  await asked;
  await page.locator('tbody .ant-table-row').first().waitFor();
  expect(await sound()).toMatchObject({ address: '', isPaused: true });
});

test('asks for AAC in a browser that says it plays no Ogg, and that plays', async () => {
  const clip = await bad();
  const { page, errors, sound } = await open(`/recordings/${clip.recording}`, { refuses: 'ogg' });
  await play(page);
  await expect.poll(async () => (await sound()).at).toBeGreaterThan(0.3);
  expect((await sound()).address).toContain('format=aac');
  expect(errors).toEqual([]);
});

test.each([
  ['Ogg Opus', {}],
  ['AAC', { refuses: 'ogg' }],
])('gives out what was said, as %s', async (_, options) => {
  const folder = temporaryFolder();
  const { audio } = speak(folder, 'Good morning. How may I help you?');
  const clip = await bring(hall.terminals[0], {}, clipOfSpeech(audio));
  const { page } = await open(`/recordings/${clip.recording}`, options);
  await play(page);
  const heard = bytesOf(Int16Array.from(await page.evaluate(decoded)));
  const silence = Buffer.alloc(16_000);
  // As like as Opus at 24 kbit/s leaves it.
  expect(find(audio, Buffer.concat([silence, heard, silence])).likeness).toBeGreaterThan(0.9);
});

test('stands on the page of the service too, and the ratings of a clerk say that there is a recording', async () => {
  const clip = await bad();
  const { service } = await hall.studio.api.get<Recording>(`/recordings/${clip.recording}`);
  const { page, sound } = await open(`/services/${service}`);
  await play(page);
  await expect.poll(async () => (await sound()).at).toBeGreaterThan(0.2);
  await page.goto(`${hall.studio.url}/scores?range=month`);
  await page.getByRole('button', { name: '李晓梅' }).click();
  const rating = page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'There is a recording' });
  await rating.first().waitFor();
  await page.goto(hall.studio.url);
  await page.getByRole('complementary').getByRole('link', { name: 'Hear the recording' }).first().click();
  await page.getByRole('heading', { name: 'Recordings' }).waitFor();
});

test('says in words what cannot be heard any more', async () => {
  const clip = await bad();
  const { page } = await open(`/recordings/${clip.recording}`);
  await page.getByLabel('Why do you want to listen?').waitFor();
  await hall.studio.api.post(`/recordings/${clip.recording}/deletion`, { reason: 'meanwhile' });
  await page.getByLabel('Why do you want to listen?').fill('complaint 17');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByText('Its sound is gone for good.').waitFor();
});

test('a clip that was changed where it lies is played up to there, and that it breaks off is told', async () => {
  const clip = await bring(hall.terminals[0], {}, makeNoise(40, 256));
  const path = join(hall.studio.folder, 'recordings', clip.recording.slice(-2), `${clip.recording}.clip`);
  const stored = readFileSync(path);
  const at = Math.floor(stored.length / 2);
  stored[at] = (stored[at] ?? 0) ^ 1;
  writeFileSync(path, stored);
  const { page, sound } = await open(`/recordings/${clip.recording}`);
  await play(page);
  await expect.poll(async () => (await sound()).at).toBeGreaterThan(0.3);
  await page.getByRole('slider', { name: 'Place in the recording' }).fill('16000');
  await page.getByRole('alert').filter({ hasText: 'The sound breaks off here' }).waitFor();
});
