import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { rating } from '../support/events.ts';
import { drained, enrol, openHall } from '../support/hall.ts';
import { listen, publish } from '../support/mosquitto.ts';
import { recordsOf } from '../support/records.ts';
import { startSender } from '../support/sender.ts';
import { isSync, slowDisk } from '../support/strace.ts';

test('with every sync delayed by 300 ms nobody is thanked before it', async () => {
  const hall = await openHall();
  const agent = await hall.terminal(1, { MANYI_LOCKOUT_SECONDS: '10' });
  await agent.stop();
  const disk = slowDisk(join(hall.folder, 'agent.strace'), 'enter', 300);
  await agent.start({}, disk.runner);
  const screen = await agent.stepUp();
  await screen.does({ type: 'next' });
  await screen.shows(({ phase }) => phase === 'serving');
  // Nothing else is left to be synced.
  await drained(agent);
  const before = disk.calls().length;
  expect(await screen.does({ type: 'press', level: 'satisfied' })).toBe(true);
  const isThanks = (call: string) => call.includes(`\\"phase\\":\\"reason\\"`);
  const calls = await eventually(
    async () => disk.calls().slice(before - 1),
    (now) => now.some(isThanks),
  );
  expect(calls.slice(0, calls.findIndex(isThanks)).filter(isSync)).not.toEqual([]);
});

test('an agent killed between commit and thanks has kept the rating, once, and asks nobody again', async () => {
  const hall = await openHall();
  const agent = await hall.terminal(1);
  await agent.stop();
  const disk = slowDisk(join(hall.folder, 'agent.strace'), 'exit', 300);
  await agent.start({}, disk.runner);
  const before = await agent.stepUp();
  await before.does({ type: 'next' });
  await before.shows(({ phase }) => phase === 'serving');
  // Nothing else is left to be synced.
  await drained(agent);
  const syncs = disk.calls().filter(isSync).length;
  const thanked = before.does({ type: 'press', level: 'dissatisfied' }).then(
    () => true,
    () => false,
  );
  await eventually(
    async () => disk.calls().filter(isSync).length,
    (now) => now > syncs,
  );
  await agent.kill();
  expect(await thanked).toBe(false);

  await agent.start();
  const after = await agent.stepUp();
  await after.shows(({ phase }) => phase === 'serving');
  await after.does({ type: 'end' });
  await after.shows(({ phase }) => phase === 'no-clerk');
  await drained(agent);
  await hall.hub.stop();
  expect(recordsOf(hall.hub.database).map(({ type, data }) => [type, data['level'] ?? data['outcome']])).toEqual([
    ['manyi.service.started.v1', undefined],
    ['manyi.rating.given.v1', 'dissatisfied'],
    ['manyi.service.ended.v1', 'rated'],
  ]);
});

test('with every sync delayed by 300 ms the hub receipts nothing before it', async () => {
  const hall = await openHall();
  const credential = await enrol(hall, 1);
  await hall.hub.stop();
  const disk = slowDisk(join(hall.folder, 'hub.strace'), 'enter', 300);
  await hall.hub.start(disk.runner);
  const topic = `manyi/v1/${credential.site}/${credential.terminal}`;
  const listener = await listen(credential, `${topic}/receipts`);
  onTestFinished(() => listener.close());
  const before = disk.calls().length;
  const outbox = randomUUID();
  await publish(credential, `${topic}/events`, JSON.stringify(rating(outbox, 1)));
  await listener.hears(({ message }) => (message as { outbox: string }).outbox === outbox);
  const isReceipt = (call: string) => call.includes(outbox) && call.includes('through');
  const calls = await eventually(
    async () => disk.calls().slice(before - 1),
    (now) => now.some(isReceipt),
  );
  expect(calls.slice(0, calls.findIndex(isReceipt)).filter(isSync)).not.toEqual([]);
});

test('a hub killed between commit and receipt holds the events once, and receipts them afterwards', async () => {
  const hall = await openHall();
  const credential = await enrol(hall, 1);
  await hall.hub.stop();
  const disk = slowDisk(join(hall.folder, 'hub.strace'), 'exit', 700);
  await hall.hub.start(disk.runner);
  const syncs = disk.calls().filter(isSync).length;
  const sender = startSender(credential);
  await eventually(
    async () => disk.calls().filter(isSync).length,
    (now) => now > syncs + 2,
  );
  await hall.hub.kill();
  await hall.hub.start();
  const sent = await sender.finish();
  await hall.hub.stop();
  expect(recordsOf(hall.hub.database).map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
});
