import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '@manyi/agent/log';
import { createTerminal, type Terminal } from '@manyi/agent/terminal';
import type { Enrolled } from '@manyi/config/api';
import type { AudioFrame } from '@manyi/config/listening';
import { agentSettings, readSettings } from '@manyi/config/settings';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { isLive } from './ear.ts';
import { startLine } from './narrow-line.ts';
import { openRoom, type Room } from './room.ts';

test('over a line too narrow for the sound, frames are dropped and a rating overtakes what is left of them', async () => {
  const room = await openRoom();
  const line = await startLine(Number(new URL(room.running.mqtt).port));
  const terminal = await openThrough(room, line.port);
  const { ear } = await room.listen();
  await ear.until(isLive);
  // A frame takes 4 kB, and eight come in a second.
  line.narrow(8_000);
  const before = ear.frames.length;
  await ear.until(({ frames }) => droppedOf(frames.slice(before)) > 10);

  const pressed = ear.frames.length;
  await terminal.input({ type: 'next' });
  await terminal.input({ type: 'press', level: 'dissatisfied' });
  await eventually(
    () => room.api.get<{ items: unknown[] }>('/ratings'),
    ({ items }) => items.length === 1,
  );
  // No more than may be on the line at once came before it, and what came while we asked. Else it would be all of twenty seconds.
  expect(ear.frames.length - pressed).toBeLessThanOrEqual(5 + 3);
  ear.hangUp();
});

function droppedOf(frames: readonly AudioFrame[]): number {
  return (frames.at(-1)?.number ?? 0) - (frames[0]?.number ?? 0) + 1 - frames.length;
}

/** A terminal that reaches the broker by another port. */
async function openThrough(room: Room, port: number): Promise<Terminal> {
  const place = { site: 'main-hall', counter: 'counter-1', terminal: 'terminal-1' };
  const { code } = await room.api.post<{ code: string }>('/enrolments', place);
  const given = await room.api.post<Enrolled>('/enrol', { code, nonce: randomUUID() });
  const folder = join(room.folder, 'terminal-1');
  mkdirSync(join(folder, 'terminal'), { recursive: true });
  const enrolled = { ...given, broker: `mqtt://127.0.0.1:${port}` };
  writeFileSync(join(folder, 'terminal', 'identity.json'), JSON.stringify({ asked: null, enrolled, settings: null }));
  const settings = readSettings(agentSettings, {
    MANYI_DATA: folder,
    MANYI_HUB_URL: room.url,
    MANYI_SCREEN_PORT: '0',
    MANYI_BUTTONS: 'simulated',
    MANYI_MICROPHONE: 'simulated',
  });
  const terminal = await createTerminal(settings, { log: createLog('silent') });
  onTestFinished(() => terminal.close());
  await eventually(
    async () => room.running.terminals.presences.of('terminal-1').health?.parts?.microphone,
    (microphone) => microphone === true,
  );
  return terminal;
}
