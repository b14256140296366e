import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { terminalTopic } from '@manyi/config/topics';
import mqtt from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { makeClip } from '../hub/recordings/clips.ts';
import { sendClip } from '../hub/recordings/send-clip.ts';
import { eventually } from '../support/api.ts';
import { event } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { enrol, openHall } from '../support/hall.ts';
import { hubProgram } from '../support/hub-program.ts';

/** To be put in front of a program: its syncs, with what they are of, and the files that it opens, into a log. */
const traced = (log: string) => ['strace', '-D', '-f', '--seccomp-bpf', '-y', '-o', log, '-e', 'trace=fsync,openat'];

/** What was synced, once something was opened. */
function syncedAfter(log: string, opened: string): (string | undefined)[] {
  const calls = readFileSync(log, 'utf8');
  return [...calls.slice(calls.indexOf(opened)).matchAll(/fsync\(\d+<([^>]+)>/g)].map(([, path]) => path);
}

test('the hub’s own key has its name on the disk before anything is sealed with it', async () => {
  const folder = temporaryFolder();
  // Nothing else is new in the folder of a hub that keeps its clips elsewhere.
  const elsewhere = { MANYI_S3_BUCKET: 'clips', MANYI_S3_ENDPOINT: 'http://127.0.0.1:9', MANYI_S3_REGION: 'here' };
  const hub = await hubProgram(folder, elsewhere);
  onTestFinished(() => hub.kill());
  const log = join(folder, 'hub.strace');
  await hub.start(traced(log));
  expect(syncedAfter(log, 'recordings.key')).toContain(join(folder, 'hub'));
});

test('when a clip is said to be safe, so is the name of the folder that was made for it', async () => {
  const hall = await openHall();
  const { hub } = hall;
  const terminal = await enrol(hall, 1);
  await hub.stop();
  const log = join(hall.folder, 'hub.strace');
  await hub.start(traced(log));
  const line = await mqtt.connectAsync(terminal.broker, terminal);
  onTestFinished(() => line.endAsync(true));
  const { bytes, ...clip } = makeClip(1);
  const told = { service: null, clerk: 'C0017', ...clip, startedAt: new Date().toISOString(), bytes: bytes.length };
  const made = event('manyi.recording.made.v1', randomUUID(), 1, told);
  const topic = terminalTopic(terminal.site, terminal.terminal, 'events');
  await line.publishAsync(topic, JSON.stringify(made), { qos: 1 });
  await eventually(
    () => hub.api().get<{ items: unknown[] }>('/recordings'),
    ({ items }) => items.length === 1,
  );
  await sendClip(hub.url, terminal, { ...clip, bytes });

  const kept = join(hall.folder, 'hub', 'recordings');
  const synced = syncedAfter(log, kept);
  expect(synced).toEqual(expect.arrayContaining([join(kept, clip.recording.slice(-2)), kept]));
});
