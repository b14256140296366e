import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Recording, RecordingsState } from '@manyi/config/recordings';
import { terminalTopic } from '@manyi/config/topics';
import mqtt from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { makeClip } from '../hub/recordings/clips.ts';
import { sendClip } from '../hub/recordings/send-clip.ts';
import { eventually } from '../support/api.ts';
import { event } from '../support/events.ts';
import { enrol, openHall } from '../support/hall.ts';

test('a clip on a place of the disk that cannot be read any more is a damaged one, and the storage is none that fails', async () => {
  const hall = await openHall();
  const { hub } = hall;
  const terminal = await enrol(hall, 1);
  const line = await mqtt.connectAsync(terminal.broker, terminal);
  onTestFinished(() => line.endAsync(true));
  const [bad, good] = [makeClip(1), makeClip(1)];
  const outbox = randomUUID();
  for (const [n, { bytes, ...clip }] of [bad, good].entries()) {
    const told = { service: null, clerk: 'C0017', ...clip, startedAt: new Date().toISOString(), bytes: bytes.length };
    const made = event('manyi.recording.made.v1', outbox, n + 1, told);
    const topic = terminalTopic(terminal.site, terminal.terminal, 'events');
    await line.publishAsync(topic, JSON.stringify(made), { qos: 1 });
  }
  await eventually(
    () => hub.api().get<{ items: unknown[] }>('/recordings'),
    ({ items }) => items.length === 2,
  );
  for (const clip of [bad, good]) await sendClip(hub.url, terminal, clip);
  await hub.stop();

  const file = join(hall.folder, 'hub', 'recordings', bad.recording.slice(-2), `${bad.recording}.clip`);
  const reads = 'trace=read,pread64';
  await hub.start([
    'strace',
    '-D',
    '-f',
    '-o',
    '/dev/null',
    '-P',
    file,
    '-e',
    reads,
    '-e',
    'inject=read,pread64:error=EIO',
  ]);
  const check = ({ recording }: { recording: string }) =>
    hub.api().post<Recording>(`/recordings/${recording}/check`, {});
  expect(await check(bad)).toMatchObject({ state: 'damaged', fault: 'missing' });
  expect(await check(good)).toMatchObject({ state: 'stored' });
  expect(await hub.api().get<RecordingsState>('/recordings/state')).toMatchObject({ trouble: null });
  await hub.stop();
  await hub.start();
  expect(await check(bad)).toMatchObject({ state: 'stored', fault: null });
});
