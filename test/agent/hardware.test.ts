import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Terminal } from '@manyi/config/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { clerk, type Hall, openSharedHall } from '../support/hall.ts';

let hall: Hall;
beforeAll(async () => {
  hall = await openSharedHall({ counters: 2 });
});
afterAll(() => hall.close());

test('the hub lets a terminal try its parts: a microphone that is muted shows', async () => {
  const file = join(hall.folder, 'heard.wav');
  execFileSync('sox', ['-n', '-r', '16000', '-b', '16', '-c', '1', file, 'trim', '0', '1']);
  await hall.terminal(1, { MANYI_MICROPHONE: 'simulated', MANYI_MICROPHONE_DEVICE: file, MANYI_SPEAKER: 'simulated' });
  const parts = async () => {
    await hall.hub.api().post('/terminals/terminal-1/commands', { name: 'self-test', data: {} });
    const [terminal] = (await hall.hub.api().get<{ items: Terminal[] }>('/terminals')).items;
    return terminal?.health?.parts;
  };
  const muted = await eventually(parts, (all) => all?.microphone === false);
  expect(muted).toMatchObject({ microphone: false, speaker: true });
});

test('a badge is one number, however the reader at the screen types it', async () => {
  const agent = await hall.terminal(2, { MANYI_BADGE_FORMAT: 'hex' });
  const counter = await agent.stepUp();
  expect(clerk.badge).toBe('0004512377');
  await counter.does({ type: 'badge', code: clerk.badge });
  expect((await counter.shows(() => true)).clerk).toBeNull();
  await counter.does({ type: 'badge', code: '0044DA79' });
  await counter.shows((view) => view.clerk?.number === clerk.number);
  counter.close();
});
