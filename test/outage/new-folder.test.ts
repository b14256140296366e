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
import { enrol, openHall } from '../support/hall.ts';

test('when a clip is said to be safe, so is the name of the folder that was made for it', async () => {
  const hall = await openHall();
  const { hub } = hall;
  const terminal = await enrol(hall, 1);
  await hub.stop();
  const log = join(hall.folder, 'hub.strace');
  await hub.start(['strace', '-D', '-f', '--seccomp-bpf', '-y', '-o', log, '-e', 'trace=fsync']);
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

  const calls = readFileSync(log, 'utf8').matchAll(/fsync\(\d+<([^>]+)>/g);
  const synced = [...calls].map(([, path]) => path);
  const kept = join(hall.folder, 'hub', 'recordings');
  const ofClip = synced.indexOf(join(kept, clip.recording.slice(-2)));
  expect(ofClip).toBeGreaterThan(0);
  expect(synced.slice(ofClip)).toContain(kept);
});
