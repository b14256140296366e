import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { openStudio, type Studio } from '../../hub/recordings/studio.ts';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { stepUp } from '../../support/screen.ts';
import { openAlone } from '../lone-terminal.ts';
import { clipsIn, folderOf, hears, openBooth, speech, wavOf } from './booth.ts';

/** The folder of a terminal that belongs elsewhere, with a clip that waits for its hub. */
async function recordedElsewhere(): Promise<string> {
  const booth = await openBooth();
  const { terminal } = booth;
  await hears(booth, 0.3);
  await terminal.input({ type: 'next' });
  await hears(booth, 0.5);
  await terminal.input({ type: 'press', level: 'dissatisfied' });
  await terminal.input({ type: 'end' });
  await booth.until((clips) => clips[0]?.state === 'announced');
  await terminal.close();
  return booth.folder;
}

/** Starts the terminal on the folder, with a code of the studio for a terminal of that name. */
async function enrolledAt(studio: Studio, folder: string, terminal: string, more: Record<string, string> = {}) {
  const place = { site: 'main-hall', counter: 'counter-1', terminal };
  const { code } = await studio.api.post<{ code: string }>('/enrolments', place);
  return openAlone(folder, { MANYI_HUB_URL: studio.url, MANYI_ENROLMENT_CODE: code, ...more });
}

const recordingsOf = async ({ api }: Studio) => (await api.get<{ items: Recording[] }>('/recordings')).items;

test('what was recorded for another place is never sent to the one where the terminal belongs now, and that is told', async () => {
  const studio = await openStudio();
  const folder = await recordedElsewhere();
  const [clip] = clipsIn(folder);
  const terminal = await enrolledAt(studio, folder, 'terminal-7');
  await eventually(
    async () => [readdirSync(folderOf(folder)), (await recordingsOf(studio)).map(({ state }) => state)],
    ([files, states]) => String(files) === '' && String(states) === 'lost',
  );
  await terminal.close();
  // None of its sound has come, not even a part of it.
  expect(existsSync(join(studio.folder, 'incoming'))).toBe(false);
  const known = { recording: clip?.recording, durationMs: clip?.durationMs, terminal: 'terminal-7' };
  expect(await recordingsOf(studio)).toMatchObject([known]);
});

test('enrolled anew where it was, a terminal brings what it has; at another hub it does not, though its name there is the same', async () => {
  const [first, other] = [await openStudio(), await openStudio()];
  await first.api.call('PUT', '/sites/main-hall/recording-policy', { record: 'service', reason: 'a test' });
  const folder = temporaryFolder();
  const sound = { MANYI_MICROPHONE: 'simulated', MANYI_MICROPHONE_DEVICE: wavOf(folder, speech) };
  const terminal = await enrolledAt(first, folder, 'terminal-1', sound);
  const counter = await stepUp(terminal.screenAddress);
  await counter.shows((view) => view.recording);
  await first.close();
  await counter.does({ type: 'next' });
  await hears({ terminal }, 0.5);
  await counter.does({ type: 'press', level: 'dissatisfied' });
  await counter.does({ type: 'end' });
  await eventually(
    async () => clipsIn(folder).map(({ state }) => state),
    (states) => states.join() === 'announced',
  );
  counter.close();
  await terminal.close();
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });

  const becomes = async (studio: Studio, its: string, state: Recording['state']) => {
    const again = await enrolledAt(studio, its, 'terminal-1');
    await eventually(
      async () => (await recordingsOf(studio)).map((one) => one.state),
      (states) => states.join() === state,
    );
    await again.close();
    expect(readdirSync(folderOf(its))).toEqual([]);
  };
  await becomes(await first.again(), folder, 'stored');
  await becomes(other, copy, 'lost');
});

test('what was recorded before anybody had enrolled the terminal is for whom it is enrolled first', async () => {
  const studio = await openStudio();
  const folder = await recordedElsewhere();
  const [clip] = clipsIn(folder);
  if (clip === undefined) throw new Error('no clip');
  writeFileSync(join(folderOf(folder), `${clip.recording}.json`), JSON.stringify({ ...clip, home: undefined }));
  rmSync(join(folder, 'terminal', 'identity.json'));
  const terminal = await enrolledAt(studio, folder, 'terminal-1');
  await eventually(
    async () => (await recordingsOf(studio)).map(({ state }) => state),
    (states) => states.join() === 'stored',
  );
  await terminal.close();
});
