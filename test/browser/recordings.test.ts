/// <reference lib="dom" />
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry } from '@manyi/config/audit';
import type { Recording } from '@manyi/config/recordings';
import { bytesOf } from '@manyi/firmware/sound/format';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openBrowser } from '../agent/screen/browser.ts';
import { find } from '../firmware/likeness.ts';
import { speak } from '../firmware/sound-server.ts';
import { type Clip, clipOfSpeech, makeClip, makeNoise } from '../hub/recordings/clips.ts';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { requireDashboard } from './dashboard.ts';
import { bring, type Listener, openListener, type RecordedHall, startRecordedHall } from './recorded.ts';

const dayMs = 24 * 60 * 60 * 1000;
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

async function open(path: string, options: Parameters<typeof openListener>[2] = {}): Promise<Listener> {
  const listener = await openListener(browser, `${hall.studio.url}${path}`, options);
  onTestFinished(() => listener.page.context().close());
  return listener;
}

function bad(more: Record<string, unknown> = {}): Promise<Clip> {
  return bring(hall.terminals[0], { level: 'dissatisfied', data: { pressedAtMs, ...more } });
}

async function auditOf({ recording }: Clip): Promise<readonly AuditEntry[]> {
  return (await hall.studio.api.get<{ items: AuditEntry[] }>(`/audit?recording=${recording}`)).items;
}

/** Says why, and plays. */
async function play(page: Page, purpose = 'complaint 17'): Promise<void> {
  await page.getByLabel('Why do you want to listen?').fill(purpose);
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

/** Does what asks for a reason. */
async function act(page: Page, name: string, reason: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Reason').fill(reason);
  await form.getByRole('button', { name, exact: true }).click();
}

describe('the list', () => {
  const rows = (page: Page) => page.locator('tbody .ant-table-row');
  const choose = async (page: Page, label: string, option: string) => {
    await page.getByRole('combobox', { name: label }).click();
    await page.locator('.ant-select-item-option').filter({ hasText: option }).click();
  };

  beforeAll(async () => {
    await bring(
      hall.terminals[0],
      { at: Date.now() - 2 * dayMs, level: 'average', data: { speechShare: 0.003, repaired: true } },
      makeClip(1),
    );
    await hall.terminals[1].tell(makeClip(1), { at: Date.now() - dayMs, clerk: null, level: 'very-satisfied' });
    const lost = makeClip(70);
    await hall.terminals[1].tell(lost, { at: Date.now() - 3 * dayMs, data: { clippedShare: 0.2 } });
    await hall.terminals[1].publish('manyi.recording.lost.v1', { ...lost, clerk: 'C0017', bytes: 1, why: 'no-room' });
  });

  test('says of each its state, its warnings and its length, newest first, and finds by every condition', async () => {
    const { page, errors } = await open('/recordings');
    await rows(page).nth(2).waitFor();
    const words = await rows(page).allInnerTexts();
    expect(words[0]).toMatch(/Counter 2[\s\S]*—[\s\S]*Very satisfied[\s\S]*0:01[\s\S]*not measured[\s\S]*on its way/);
    expect(words[1]).toMatch(
      /Counter 1[\s\S]*李晓梅[\s\S]*Average[\s\S]*0.3% speech[\s\S]*silent · cut off, repaired[\s\S]*stored/,
    );
    expect(words[2]).toMatch(/Counter 2[\s\S]*Not rated[\s\S]*1:10[\s\S]*clipped[\s\S]*lost/);
    await choose(page, 'Counter', 'Counter 2');
    await expect.poll(() => rows(page).count()).toBe(2);
    await choose(page, 'Length', '1–5 min');
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?counter=counter-2&length=1-to-5');
    await choose(page, 'State', 'stored');
    await page.getByText('No recording is like that').waitFor();
    await page.getByRole('button', { name: 'Clear all conditions' }).click();
    await choose(page, 'Level', 'Average');
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.reload();
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.goto(`${hall.studio.url}/recordings?range=custom&from=2026-01-01&to=2026-01-31`);
    await page.getByText('No recording is like that').waitFor();
    expect(errors).toEqual([]);
  });

  test('goes on page by page', async () => {
    const { sha256, durationMs } = makeClip(1);
    const made = { clerk: 'C0017', sha256, durationMs, bytes: 1000 };
    const first = Date.parse('2026-02-01T10:00:00+08:00');
    const told = Array.from({ length: 52 }, (_, number) => {
      const startedAt = new Date(first + number * 60_000).toISOString();
      return hall.terminals[0].publish('manyi.recording.made.v1', { ...made, recording: randomUUID(), startedAt });
    });
    await Promise.all(told);
    const { page } = await open('/recordings?range=custom&from=2026-02-01&to=2026-02-01');
    await expect.poll(() => rows(page).count()).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows(page).count()).toBe(52);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  });
});

describe('the player', () => {
  test('plays once a purpose was given, from the press where that is wanted, and it is in the audit log', async () => {
    const clip = await bad();
    const { page, errors, sound } = await open(`/recordings/${clip.recording}`);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByText('Say why, in a few words.').waitFor();
    expect([await sound(), await auditOf(clip)]).toMatchObject([{ address: '' }, []]);

    await play(page);
    await expect.poll(async () => (await sound()).at).toBeGreaterThan(0.3);
    expect((await sound()).address).toContain('format=ogg');
    expect((await auditOf(clip))[0]).toMatchObject({ who: 'admin', what: 'recording.play', why: 'complaint 17' });

    const wave = await page.locator('.wave').boundingBox();
    const press = await page.locator('.wave-press').boundingBox();
    const share = ((press?.x ?? 0) - (wave?.x ?? 0)) / (wave?.width ?? 1);
    expect(share).toBeCloseTo(pressedAtMs / clip.durationMs, 2);
    await page.locator('.wave path[d^=M]').first().waitFor({ state: 'attached' });

    await page.getByRole('button', { name: 'To the press' }).click();
    await expect.poll(async () => (await sound()).at).toBeGreaterThanOrEqual(9);
    await page.getByText('0.75×').click();
    expect((await sound()).rate).toBe(0.75);
    expect(errors).toEqual([]);
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
    const [again, played, first] = await auditOf(clip);
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
    await hall.studio.api.call('DELETE', `/recordings/${clip.recording}?reason=meanwhile`);
    await page.getByLabel('Why do you want to listen?').fill('complaint 17');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'It was deleted: the audit log says when and why.' }).waitFor();
    await page.reload();
    await page.getByText('Its sound is gone for good.').waitFor();
  });
});

describe('what is done with a recording', () => {
  test('is downloaded by those alone who were given the right, and stands in the audit log', async () => {
    const clip = await bad();
    const account = { username: 'wang', password: 'supervise-me' };
    await hall.studio.api.post('/users', { ...account, name: 'Wang', role: 'supervisor', sites: ['main-hall'] });
    const { page } = await open(`/recordings/${clip.recording}`, account);
    await page.getByLabel('Why do you want to listen?').waitFor();
    for (const name of ['Download', 'Hold', 'Delete'])
      expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);

    const { page: administrators } = await open('/recordings/rules');
    await administrators.getByRole('button', { name: 'Give the right to download' }).click();
    const form = administrators.getByRole('dialog');
    await form.getByRole('combobox', { name: 'To whom' }).click();
    await administrators.locator('.ant-select-item-option').filter({ hasText: 'Wang' }).click();
    await form.getByLabel('Reason').fill('arbitration office');
    await form.getByRole('button', { name: 'Save' }).click();
    await administrators.getByRole('button', { name: 'Take back: Wang' }).waitFor();

    await page.reload();
    const [saved] = await Promise.all([page.waitForEvent('download'), act(page, 'Download', 'for the court')]);
    expect(saved.suggestedFilename()).toBe(`${clip.recording}.ogg`);
    expect(readFileSync(await saved.path()).equals(clip.bytes)).toBe(true);
    expect((await auditOf(clip))[0]).toMatchObject({ who: 'wang', what: 'recording.download', why: 'for the court' });
  });

  test('is held, released and deleted with a reason', async () => {
    const clip = await bad();
    const { page } = await open(`/recordings/${clip.recording}`);
    await act(page, 'Hold', 'court order 4');
    await page.getByText('held', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(0);
    await act(page, 'Release', 'case closed');
    await page.getByText('held', { exact: true }).waitFor({ state: 'detached' });
    await act(page, 'Delete', 'wish of the customer');
    await page.getByText('Its sound is gone for good.').waitFor();
    const acts = (await auditOf(clip)).map(({ what, why }) => [what, why]);
    expect(acts).toEqual([
      ['recording.delete', 'wish of the customer'],
      ['recording.release', 'case closed'],
      ['recording.hold', 'court order 4'],
    ]);
  });
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

test('a clip that its terminal is still sending appears by itself', async () => {
  const clip = makeClip(2);
  const [terminal] = hall.terminals;
  await terminal.tell(clip);
  const { page } = await open(`/recordings/${clip.recording}`);
  await page.getByText('Its terminal has made it and has not sent all of it yet.').waitFor();
  await terminal.send(clip);
  await eventually(
    () => hall.studio.api.get<Recording>(`/recordings/${clip.recording}`),
    ({ state }) => state === 'stored',
  );
  await page.getByLabel('Why do you want to listen?').waitFor();
});
