import type { Message } from '@manyi/hub/ingest/message';
import { fairQueue } from '@manyi/hub/ingest/queue';
import { expect, test } from 'vitest';

function message(terminal: string, number: number, bytes = 10): Message {
  return { site: 'main-hall', terminal, channel: 'events', topic: '', payload: Buffer.alloc(bytes), arrived: number };
}

function count(batch: readonly Message[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { terminal } of batch) counts[terminal] = (counts[terminal] ?? 0) + 1;
  return counts;
}

test('a backlog takes what others leave, and keeps its order', () => {
  const queue = fairQueue();
  for (let number = 0; number < 1000; number++) queue.push(message('slow', number));
  for (let number = 0; number < 3; number++) queue.push(message('brisk', number));
  const batch = queue.take(100);
  expect(count(batch)).toEqual({ slow: 97, brisk: 3 });
  const order = batch.filter(({ terminal }) => terminal === 'slow').map(({ arrived }) => arrived);
  expect(order).toEqual([...order].sort((one, other) => one - other));
});

test('with more terminals than a batch holds, everyone gets a turn', () => {
  const queue = fairQueue();
  const names = Array.from({ length: 50 }, (_, index) => `terminal-${index}`);
  for (const name of names) for (let number = 0; number < 3; number++) queue.push(message(name, number));
  const turns = [queue.take(25), queue.take(25)].map(count);
  expect(Object.keys({ ...turns[0], ...turns[1] })).toHaveLength(50);
});

test('a terminal that sends too much waits for room, alone', async () => {
  const queue = fairQueue();
  while (queue.room('eager') === null) queue.push(message('eager', 0, 60_000));
  const room = queue.room('eager');
  expect(queue.room('other')).toBeNull();
  expect(queue.waiting * 60_000).toBeLessThan(5 * 1024 * 1024);
  queue.take(10);
  await room;
  expect(queue.room('eager')).toBeNull();
});
