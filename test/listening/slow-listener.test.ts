import { expect, test } from 'vitest';
import { endOf, joinListening } from './ear.ts';
import { openRoom } from './room.ts';

test('a listener who falls behind gets less, and is cut off when that does not help; one who answers nothing is gone', async () => {
  const room = await openRoom();
  await room.terminal();
  const chen = await room.supervisor('chen', ['main-hall']);
  const join = async (token: string) =>
    joinListening(room.url, (await room.ask(token)).listening, token, { autoPong: false });
  const [behind, gone] = await Promise.all([join(room.api.token), join(chen.token)]);
  // Still there, and nothing has arrived.
  behind.socket.on('ping', () => behind.socket.pong('0'));
  await Promise.all([behind.closed, gone.closed]);
  expect(endOf(behind)).toBe('too-slow');
  expect(behind.frames).toHaveLength(20);
  const ends = (await room.log()).filter(({ what }) => what === 'listening.end');
  expect(ends.map(({ who, detail }) => `${who} ${detail}`)).toEqual(['chen went-away', 'admin too-slow']);
  const metrics = await (await fetch(`${room.url}/metrics`)).text();
  expect(Number(/why="slow-listener"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(100);
});
