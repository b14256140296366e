import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Waveform } from '@manyi/config/recordings';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserOfFile } from '../agent/screen/browser.ts';
import { type Clip, makeClip, makeNoise } from '../hub/recordings/clips.ts';
import { fileOf, startStorage, startWarden } from '../hub/recordings/storage.ts';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { requireDashboard } from './dashboard.ts';
import { bring, hallOfTest } from './recorded.ts';

const dayMs = 24 * 60 * 60 * 1000;

requireDashboard();
const browser = await browserOfFile();

const attentionOf = (page: Page) => page.getByRole('complementary', { name: /Needs attention/ });

test('a recording that was changed calls for somebody, who hears what is left, puts it back and checks', async () => {
  const { studio, terminals, open } = await hallOfTest(browser);
  const clip: Clip = await bring(terminals[0], { level: 'average' }, makeNoise(12, 256));
  // Only then does nobody else read it meanwhile.
  await eventually(
    () => studio.api.get<Waveform>(`/recordings/${clip.recording}/waveform`),
    ({ peaks }) => peaks !== null,
  );
  const file = join(studio.folder, 'recordings', clip.recording.slice(-2), `${clip.recording}.clip`);
  const copy = join(studio.folder, 'copy');
  copyFileSync(file, copy);
  const stored = readFileSync(file);
  stored[200_000] = (stored[200_000] ?? 0) ^ 1;
  writeFileSync(file, stored);
  const { page, errors } = await open(`/recordings/${clip.recording}`);
  await page.getByLabel('Why do you want to listen?').fill('complaint 17');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'damaged' });
  await alert.getByText('Its sound was changed where recordings are kept').waitFor();
  await page.getByText('its sound was changed', { exact: true }).waitFor();

  await page.goto(studio.url);
  await attentionOf(page).getByText('1 stored recording is damaged').waitFor();
  await attentionOf(page).getByRole('link', { name: 'Recordings' }).click();
  await page
    .getByRole('row', { name: /damaged.*its sound was changed/ })
    .getByRole('link')
    .click();
  await alert.getByRole('button', { name: 'Check again' }).click();
  await alert.getByText('The hub has read it again: it is still damaged.').waitFor();
  renameSync(copy, file);
  await alert.getByRole('button', { name: 'Check again' }).click();
  await alert.waitFor({ state: 'detached' });
  await page.goto(studio.url);
  await page.getByText('Nothing needs you now').waitFor();
  expect(errors).toEqual([]);
});

test('a recording that is missing has no player, and a reason to delete it', async () => {
  const folder = temporaryFolder();
  const storage = await startStorage(folder);
  const { studio, terminals, open } = await hallOfTest(browser, { settings: storage.settings });
  const clip = await bring(terminals[0], {}, makeClip(1));
  rmSync(fileOf(folder, clip.recording));
  await studio.hear(clip.recording);
  const { page } = await open(`/recordings/${clip.recording}`);
  await page.getByText('Its sound is not where recordings are kept, or the disk does not give it back.').waitFor();
  expect(await page.getByLabel('Why do you want to listen?').count()).toBe(0);
  await page.getByRole('button', { name: 'Delete', exact: true }).waitFor();
});

test('a loss that is told today of a recording of last week is seen today, with its reason', async () => {
  const { studio, terminals, open } = await hallOfTest(browser);
  const [terminal] = terminals;
  const startedAt = new Date(Date.now() - 7 * dayMs).toISOString();
  const lost = { clerk: 'C0017', recording: crypto.randomUUID(), startedAt, durationMs: null, why: 'unreadable' };
  await terminal.publish('manyi.recording.lost.v1', lost);
  const { page, errors } = await open('/');
  await attentionOf(page).getByText('1 recording reported lost today').waitFor();
  await attentionOf(page).getByRole('link', { name: 'Recordings' }).click();
  await page.getByText(/^Reported since 20/).waitFor();
  const row = page.getByRole('row', { name: /Counter 1 李晓梅 .*—.*lost.*unreadable at its terminal/ });
  await row.getByRole('link').click();
  await page.getByText('Its terminal could not read it any more').waitFor();
  await page.getByText('Reported or found').waitFor();
  await page.goto(`${studio.url}/recordings?state=lost&told=2099-01-01`);
  await page.getByText('No recording is like that').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await row.waitFor();
  expect(errors).toEqual([]);
});

test('what was deleted and still lies in the storage is not called gone', async () => {
  const folder = temporaryFolder();
  const warden = await startWarden(await startStorage(folder));
  const { studio, terminals, open } = await hallOfTest(browser, { settings: warden.settings });
  const clip = await bring(terminals[0], {}, makeClip(1));
  warden.refuse('DELETE');
  await studio.api.post(`/recordings/${clip.recording}/deletion`, { reason: 'wish of the customer' });
  const { page } = await open(`/recordings/${clip.recording}`);
  await page.getByText('Its sound still lies in the storage').waitFor();
  const banner = page.getByRole('alert').filter({ hasText: 'Deleted recordings still lie in the storage' });
  await banner.getByText('See that the hub may delete there.').waitFor();
  warden.refuse();
  await studio.api.post(`/recordings/${clip.recording}/deletion`, { reason: 'wish of the customer' });
  await page.getByText('Its sound is gone for good.').waitFor();
});
