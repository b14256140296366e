import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Recording, RecordingsState } from '@manyi/config/recordings';
import type { RecordingSettings } from '@manyi/hub/recordings/recordings';
import { expect, onTestFinished, test, vi } from 'vitest';
import { eventually } from '../../support/api.ts';
import { type Cut, startCuttingProxy } from '../../support/cutting-proxy.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Clip, clipOf, makeClip } from './clips.ts';
import { startStorage } from './storage.ts';
import { openStudio, type Studio } from './studio.ts';

/** Storage behind a line that can fall silent: who is connected from then on is left without a word. */
async function startLine(silentMs: number) {
  const { settings } = await startStorage(temporaryFolder());
  if (settings.bucket?.endpoint == null) throw new Error('there is no bucket');
  let cut: Cut | null = null;
  const { url } = await startCuttingProxy(settings.bucket.endpoint, () => cut);
  const behind: RecordingSettings = { ...settings, bucket: { ...settings.bucket, endpoint: url, silentMs } };
  return {
    settings: behind,
    silence(from: Cut | null) {
      cut = from;
    },
  };
}

const troubleOf = async ({ api }: Studio) => (await api.get<RecordingsState>('/recordings/state')).trouble;

async function heard(studio: Studio, { recording }: Clip): Promise<Buffer> {
  const answer = await studio.hear(recording);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

test('storage that falls silent is said, and holds up nothing for good', async () => {
  const { settings, silence } = await startLine(300);
  silence({ up: 0, stall: true });
  const studio = await openStudio({ settings });
  const terminal = await studio.terminal();
  const clip = makeClip();
  await terminal.tell(clip);
  await expect(terminal.send(clip, { retryDelays: null })).rejects.toThrow(/503/);
  expect(await troubleOf(studio)).not.toBeNull();
  silence(null);
  await terminal.send(clip, { retryDelays: [0, 100, 500, 1000] });
  await eventually(
    () => troubleOf(studio),
    (trouble) => trouble === null,
  );

  const next = await studio.again();
  await eventually(
    () => troubleOf(next),
    (trouble) => trouble === null,
  );
  await next.close();
  silence({ down: 600, stall: true });
  const third = await studio.again();
  await expect(heard(third, clip)).rejects.toThrow(/503 .*storage of the recordings fails/);
  expect(await troubleOf(third)).toBe('storage');
  silence(null);
  expect((await heard(third, clip)).equals(clip.bytes)).toBe(true);
});

test('however long the storage was silent while a clip was to be deleted, the hub ends soon', {
  timeout: 20_000,
}, async () => {
  const { settings, silence } = await startLine(300);
  const studio = await openStudio({ settings });
  const terminal = await studio.terminal();
  const clip = makeClip();
  await terminal.tell(clip);
  await terminal.send(clip);
  await studio.close();
  silence({ up: 0, stall: true });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const later = await studio.again();
  await later.api.post(`/recordings/${clip.recording}/deletion`, { reason: 'wish of the customer' });
  expect((await later.api.get<Recording>(`/recordings/${clip.recording}`)).state).toBe('deleting');
  vi.advanceTimersByTime(60 * 60_000);
  await later.close();
  silence(null);
  const mended = await studio.again();
  await eventually(
    () => mended.api.get<Recording>(`/recordings/${clip.recording}`),
    ({ state }) => state === 'deleted',
  );
});

test('a player that takes its time hears all of it, and is no silence of the storage', async () => {
  const { settings } = await startLine(300);
  const studio = await openStudio({ settings });
  const terminal = await studio.terminal();
  const clip = clipOf(Buffer.concat([makeClip().bytes.subarray(0, 60), randomBytes(16_000_000)]), 2000);
  await terminal.tell(clip);
  await terminal.send(clip);
  const { body } = await studio.hear(clip.recording);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) {
    if (chunks.length === 0) await pause(1000);
    chunks.push(chunk);
  }
  expect(Buffer.concat(chunks).equals(clip.bytes)).toBe(true);
  expect(await troubleOf(studio)).toBeNull();
});
