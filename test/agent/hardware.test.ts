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
  hall = await openSharedHall({ counters: 5 });
});
afterAll(() => hall.close());

const partsOf = async (number: number) => {
  const { items } = await hall.hub.api().get<{ items: Terminal[] }>('/terminals');
  return items.find(({ id }) => id === `terminal-${number}`)?.health;
};

const askForTest = (number: number) =>
  hall.hub.api().post(`/terminals/terminal-${number}/commands`, { name: 'self-test', data: {} });

/** A microphone of two channels that hears what sox makes, over and over. */
function hears(...effects: string[]): Record<string, string> {
  const file = join(temporaryFolder(), 'heard.wav');
  execFileSync('sox', ['-V1', '-D', '-n', '-r', '16000', '-b', '16', '-c', '2', file, ...effects]);
  return { MANYI_MICROPHONE: 'simulated', MANYI_MICROPHONE_DEVICE: file, MANYI_MICROPHONE_CHANNELS: '2' };
}

test('the hub lets a terminal try its parts: one muted channel of two shows, and when that was found', async () => {
  const muted = hears('synth', '1', 'sine', '440', 'remix', '1', '0');
  await hall.terminal(1, { ...muted, MANYI_SPEAKER: 'simulated' });
  const begun = Date.now();
  const health = await eventually(
    async () => {
      await askForTest(1);
      return partsOf(1);
    },
    (one) => one?.tested !== undefined && one.parts?.microphone === false,
  );
  expect(health?.parts).toMatchObject({ microphone: false, speaker: true });
  expect(Date.parse(health?.tested ?? '')).toBeGreaterThanOrEqual(begun);
  const api = hall.hub.api();
  const terminal = await eventually(
    () => api.get<Terminal>('/terminals/terminal-1'),
    ({ failures }) => failures.some(({ detail }) => detail !== null),
  );
  expect(terminal.failures[0]?.detail).toMatch(/^channel 2 of the microphone gives nothing but silence/);
});

test('a microphone that a self-test found muted has come back as soon as it hears again', async () => {
  await hall.terminal(2, hears('synth', '2.5', 'sine', '440', 'pad', '2.5', '0'));
  await eventually(
    async () => {
      await askForTest(2);
      return partsOf(2);
    },
    (one) => one?.parts?.microphone === false,
  );
  await eventually(
    () => partsOf(2),
    (one) => one?.parts?.microphone === true,
  );
});

test('a badge is one number, however the reader at the screen types it', async () => {
  const agent = await hall.terminal(3, { MANYI_BADGE_FORMAT: 'hex' });
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
    const agent = await hall.terminal(kind === 'screen' ? 4 : 5, {
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
