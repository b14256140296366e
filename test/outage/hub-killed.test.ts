import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { type Customers, serveCustomers } from '../support/customers.ts';
import { drained, enrol, openHall } from '../support/hall.ts';
import { expectTallies, recordsOf } from '../support/records.ts';
import { startSender } from '../support/sender.ts';

const kills = 6;

test('a hub killed many times under load holds every thanked press and every receipted event exactly once', {
  timeout: 240_000,
}, async () => {
  const hall = await openHall();
  const agents = await Promise.all([1, 2].map((number) => hall.terminal(number)));
  const sender = startSender(await enrol(hall, 3));

  const counters = agents.map(serveCustomers);
  for (let kill = 0; kill < kills; kill++) {
    const before = sender.receipted();
    await eventually(
      async () => sender.receipted(),
      (now) => now > before,
    );
    await pass(Math.random() * 300);
    await hall.hub.kill();
    await hall.hub.start();
  }
  await Promise.all(counters.map((counter) => counter.finish()));
  const sent = await sender.finish();
  await Promise.all(agents.map((agent) => drained(agent)));
  await hall.hub.stop();

  const ratings = recordsOf(hall.hub.database, 'manyi.rating.given.v1');
  const of = (terminal: string) => ratings.filter((rating) => rating.terminal === terminal);
  expect(of('terminal-3').map((one) => [one.seq, one.id])).toEqual(sent.map((one) => [one.data.seq, one.id]));
  for (const [index, agent] of agents.entries()) {
    const counter = counters[index] as Customers;
    expect(counter.thanked()).toBeGreaterThan(kills);
    expect(of(agent.terminal).map((one) => one.data['level'])).toEqual(counter.rated);
  }
  expectTallies(join(hall.folder, 'hub'));
});
