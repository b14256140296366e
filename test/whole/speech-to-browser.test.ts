/// <reference lib="dom" />
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '@manyi/config/recordings';
import { bytesPerSample, samplesPerSecond } from '@manyi/firmware/sound/format';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openBrowser } from '../agent/screen/browser.ts';
import { requireDashboard } from '../browser/dashboard.ts';
import { type Listener, openListener } from '../browser/recorded.ts';
import { find } from '../firmware/likeness.ts';
import { type SoundServer, speak, startSoundServer } from '../firmware/sound-server.ts';
import { eventually } from '../support/api.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { type Hall, openHall, site, tapIn } from '../support/hall.ts';
import type { Counter } from '../support/screen.ts';

/* Hub and agent as they run in production, a recorder of the system between them and somebody who speaks, and a supervisor's browser. */

/** What Opus at 24 kbit/s and a sound server leave of a voice is more like it than this, and another sentence of it less. */
const like = 0.85;
const samplesPerMs = samplesPerSecond / 1000;

let browser: Browser;
let server: SoundServer;
const folder = makeFolder();
const question = say('question', 'Good morning. I would like to pay this bill.');
const answer = say('answer', 'Thank you, and have a pleasant day.');
const another = say('another', 'The deposit comes back in about two weeks.');

interface Said {
  /** To be played: the words, with half a second of quiet before and behind them, because the server's card sounds a little ahead of time. */
  readonly file: string;
  /** The words alone. */
  readonly audio: Buffer;
}

function say(name: string, words: string): Said {
  const own = join(folder, name);
  mkdirSync(own);
  const { file: spoken, audio } = speak(own, words);
  const file = join(own, 'padded.wav');
  execFileSync('sox', [spoken, file, 'pad', '0.5', '0.5']);
  return { file, audio };
}

/** In samples. */
const lengthOf = ({ audio }: Said) => audio.length / bytesPerSample;

beforeAll(async () => {
  requireDashboard();
  server = await startSoundServer(['counter']);
  await server.plugIn('counter');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  removeFolder(folder);
});

test('what is said at a counter is heard in the browser: every word in its place, and the press where it was', {
  timeout: 120_000,
}, async () => {
  const at = await openCounter();
  const listener = await openListener(browser, at.hall.hub.url);
  const { page, errors, sound } = listener;
  const { clip, played, heard } = await serveAndPlay(at, listener);
  expect(createHash('sha256').update(played).digest('hex')).toBe(clip.sha256);
  expect((await downloaded(page)).equals(played)).toBe(true);
  const [durationMs, pressedAtMs] = [Number(clip.durationMs), Number(clip.pressedAtMs)];
  expect(Math.round(heard.length / bytesPerSample / samplesPerMs)).toBe(durationMs);
  const pressedAt = pressedAtMs * samplesPerMs;
  expect(isAsSaid(heard, [question, answer], pressedAt)).toBe(true);
  // It would be seen if it were not so.
  expect(isAsSaid(heard, [question, another], pressedAt)).toBe(false);
  expect(isAsSaid(Buffer.alloc(heard.length), [question, answer], pressedAt)).toBe(false);
  for (const away of [-lengthOf(question), lengthOf(answer)])
    expect(isAsSaid(heard, [question, answer], pressedAt + away)).toBe(false);

  const { bars, press } = await drawn(page);
  expect(press).toBeCloseTo(pressedAtMs / durationMs, 2);
  const bar = Math.floor(press * bars.length);
  const loudest = Math.max(...bars);
  expect(bars[bar]).toBeLessThan(0.2 * loudest);
  expect(Math.max(...bars.slice(0, bar))).toBeGreaterThan(0.5 * loudest);
  expect(Math.max(...bars.slice(bar))).toBeGreaterThan(0.5 * loudest);
  await page.getByRole('button', { name: 'To the press' }).click();
  await eventually(sound, ({ at }) => at >= pressedAtMs / 1000);
  expect(errors).toEqual([]);
});

/** Whether two sentences are in what was heard, and the press after the first and before the second. */
function isAsSaid(heard: Buffer, [first, second]: readonly [Said, Said], pressedAt: number): boolean {
  const [one, other] = [find(first.audio, heard), find(second.audio, heard)];
  const isThere = one.likeness > like && other.likeness > like;
  return isThere && one.at + lengthOf(first) < pressedAt && pressedAt < other.at;
}

interface AtCounter {
  readonly hall: Hall;
  readonly counter: Counter;
}

/** A hall that records every service, with a terminal whose microphone a recorder of the system hears. */
async function openCounter(): Promise<AtCounter> {
  const hall = await openHall();
  const { call } = hall.hub.api();
  await call('PUT', `/sites/${site}/recording-policy`, { record: 'service', reason: 'a test' });
  await call('PUT', '/recordings/downloaders/admin', { reason: 'a test' });
  const microphone = { MANYI_MICROPHONE: 'arecord', MANYI_MICROPHONE_DEVICE: 'counter-heard' };
  const agent = await hall.terminal(1, { ...server.environment, ...microphone });
  const counter = await agent.stepUp();
  onTestFinished(counter.close);
  await tapIn(counter);
  await counter.shows(({ recording }) => recording);
  return { hall, counter };
}

/** The clerk asks, the customer presses, the clerk says goodbye. Answers the clip when the hub has it. */
async function serve({ hub }: Hall, counter: Counter): Promise<Recording> {
  const before = (await hub.api().get<{ items: Recording[] }>('/recordings')).items.length;
  await counter.does({ type: 'next' });
  await server.play('counter', question.file);
  expect(await counter.does({ type: 'press', level: 'dissatisfied' })).toBe(true);
  await server.play('counter', answer.file);
  await counter.does({ type: 'end' });
  const [clip] = await eventually(
    async () => (await hub.api().get<{ items: Recording[] }>('/recordings')).items,
    (items) => items.length === before + 1 && items[0]?.state === 'stored',
  );
  if (clip === undefined) throw new Error('the hub has no clip');
  return clip;
}

/** The outline as it is drawn, bar by bar, and where on it the press stands (0 … 1). */
async function drawn(page: Page): Promise<{ readonly bars: readonly number[]; readonly press: number }> {
  const outline = page.locator('.wave path').first();
  // The hub makes it below everything else in priority.
  await page.locator('.wave path[d^=M]').first().waitFor({ state: 'attached', timeout: 50_000 });
  const bars = [...((await outline.getAttribute('d')) ?? '').matchAll(/M\S+ (\d+)h/g)].map(
    ([, top]) => 100 - Number(top),
  );
  const [wave, press] = [await page.locator('.wave').boundingBox(), await page.locator('.wave-press').boundingBox()];
  if (wave === null || press === null) throw new Error('the page shows no outline');
  return { bars, press: (press.x - wave.x) / wave.width };
}

/** Finds a recording as a supervisor does, says why, and plays it. Answers what the browser was given. */
async function play({ page, sound }: Listener, { recording }: Recording): Promise<Buffer> {
  await page.getByRole('navigation').getByRole('link', { name: 'Recordings' }).click();
  await page.locator(`tbody .ant-table-row a[href$="${recording}"]`).click();
  await page.getByLabel('Why do you want to listen?').fill('complaint 17');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await eventually(sound, ({ at }) => at > 0.5);
  return bytesBehind(page);
}

/** A machine busy with other tests makes a sound server stutter: then another customer is served. */
async function serveAndPlay({ hall, counter }: AtCounter, listener: Listener) {
  for (let time = 0; ; time++) {
    const clip = await serve(hall, counter);
    const played = await play(listener, clip);
    const heard = decoded(played);
    const isWell = [question, answer].every(({ audio }) => find(audio, heard).likeness > like);
    if (isWell || time === 3) return { clip, played, heard };
  }
}

/** What the player's browser was given, byte by byte. */
async function bytesBehind(page: Page): Promise<Buffer> {
  const encoded = await page.evaluate(async () => {
    const { heard } = window as unknown as { heard: HTMLAudioElement };
    const bytes = new Uint8Array(await (await fetch(heard.src)).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
  return Buffer.from(encoded, 'base64');
}

/** What the browser saves. */
async function downloaded(page: Page): Promise<Buffer> {
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Reason').fill('for the court');
  const saved = page.waitForEvent('download');
  await form.getByRole('button', { name: 'Download', exact: true }).click();
  return readFileSync(await (await saved).path());
}

/** As another program of the world decodes it. */
function decoded(clip: Buffer): Buffer {
  const file = join(folder, 'fetched.ogg');
  writeFileSync(file, clip);
  return execFileSync('opusdec', ['--quiet', '--rate', String(samplesPerSecond), file, '-'], { maxBuffer: 2 ** 26 });
}
