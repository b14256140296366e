import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from '@manyi/config/api';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { clerk, type Hall, openSharedHall } from '../support/hall.ts';

let hall: Hall;
beforeAll(async () => {
  hall = await openSharedHall({ counters: 4 });
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

test.each(['screen', 'serial'])(
  'a badge tapped twice at a %s reader is one tap: the clerk stays on duty',
  async (kind) => {
    const reader = join(temporaryFolder(), 'reader');
    const socat = spawn('socat', [`pty,raw,echo=0,link=${reader}`, '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    onTestFinished(() => void socat.kill());
    await eventually(async () => existsSync(reader), Boolean);
    const agent = await hall.terminal(kind === 'screen' ? 3 : 4, {
      MANYI_BADGE_READER: kind,
      MANYI_BADGE_PORT: reader,
    });
    const counter = await agent.stepUp();
    const tap = async () => {
      // The same number as 10 hex digits with their sum: what an RDM6300 sends.
      if (kind === 'serial') socat.stdin.write('\x02000044DA79E7\x03');
      else expect(await counter.does({ type: 'badge', code: clerk.badge })).toBe(true);
    };
    await tap();
    await tap();
    await counter.shows((view) => view.clerk?.number === clerk.number);
    await tap();
    expect(await counter.does({ type: 'next' })).toBe(true);
    expect((await counter.shows(({ phase }) => phase === 'serving')).clerk?.number).toBe(clerk.number);
    counter.close();
  },
);
