import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording, RecordingsState } from '@manyi/config/recordings';
import { terminalTopic } from '@manyi/config/topics';
import mqtt from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { type Clip, makeClip, makeNoise } from '../hub/recordings/clips.ts';
import { sendClip } from '../hub/recordings/send-clip.ts';
import { eventually } from '../support/api.ts';
import { event } from '../support/events.ts';
import { enrol, openHall } from '../support/hall.ts';

const kills = 3;
const clipsEach = 5;

test('a hub that is killed while it stores clips has each of them whole or not at all, also when their terminal never comes back', {
  timeout: 120_000,
}, async () => {
  const hall = await openHall();
  const { hub } = hall;
  const terminal = await enrol(hall, 1);
  const outbox = randomUUID();
  const clips: Clip[] = Array.from({ length: kills * clipsEach }, (_, n) => (n % 2 ? makeClip(1) : makeNoise(5, 256)));
  const line = await mqtt.connectAsync(terminal.broker, terminal);
  onTestFinished(() => line.endAsync(true));
  for (const [n, { recording, sha256, durationMs, bytes }] of clips.entries()) {
    const told = { service: null, clerk: 'C0017', recording, startedAt: new Date().toISOString(), sha256, durationMs };
    const made = event('manyi.recording.made.v1', outbox, n + 1, { ...told, bytes: bytes.length });
    const topic = terminalTopic(terminal.site, terminal.terminal, 'events');
    await line.publishAsync(topic, JSON.stringify(made), { qos: 1 });
  }
  const rows = async () => (await hub.api().get<{ items: Recording[] }>('/recordings?limit=1000')).items;
  await eventually(rows, ({ length }) => length === clips.length);
  await line.endAsync(true);

  for (let kill = 0; kill < kills; kill += 1) {
    const some = clips.slice(kill * clipsEach, (kill + 1) * clipsEach);
    const sent = some.map((clip) => sendClip(hub.url, terminal, clip, { retryDelays: null }).catch(() => {}));
    const mine = new Set(some.map(({ recording }) => recording));
    await eventually(rows, (all) => all.some(({ recording, state }) => state === 'stored' && mine.has(recording)));
    await hub.kill();
    await Promise.all(sent);
    await hub.start();
  }
  await hub.api().call('DELETE', '/terminals/terminal-1');
  await hub.kill();
  await hub.start();

  const folder = join(hall.folder, 'hub', 'recordings');
  const filesOf = (rows: Recording[], state: string) => rows.filter((row) => row.state === state).map(nameOf);
  const now = await eventually(rows, (all) => String(filesOf(all, 'stored').sort()) === String(filesIn(folder)));
  for (const { recording, state } of now) {
    if (state !== 'lost')
      expect(await hub.api().post(`/recordings/${recording}/check`, {})).toMatchObject({ state: 'stored' });
  }
  expect(await hub.api().get<RecordingsState>('/recordings/state')).toMatchObject({ trouble: null });
});

const nameOf = ({ recording }: Recording) => `${recording}.clip`;

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.length === 2)
    .flatMap((name) => readdirSync(join(folder, name)))
    .sort();
}
