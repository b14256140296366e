import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { caseOpened } from '@manyi/config/cases';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { type Customers, serveCustomers } from '../support/customers.ts';
import { drained, enrol, openHall } from '../support/hall.ts';
import { allRatings, expectTallies, type ListedRating, recordsOf } from '../support/records.ts';
import { startSender } from '../support/sender.ts';

const kills = 6;
const bad = 'dissatisfied';

/** The services with a case, each as often as the ledger says that one was opened. */
function casesOf(database: string): string[] {
  const sqlite = new Sqlite(database, { readonly: true });
  const opened = sqlite.prepare<[string], string>('SELECT service FROM ledger WHERE type = ? ORDER BY service').pluck();
  const services = opened.all(caseOpened);
  sqlite.close();
  return services;
}

test('a hub killed many times under load holds every thanked press and every receipted event exactly once, and a case for each bad one', {
  timeout: 240_000,
}, async () => {
  const hall = await openHall();
  const agents = await Promise.all([1, 2].map((number) => hall.terminal(number)));
  const sender = startSender(await enrol(hall, 3), (seq) => (seq % 5 === 0 ? { level: bad } : {}));

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
  const isBad = ({ level }: ListedRating) => level === bad;
  const disliked = (await allRatings(hall.hub.api())).filter(isBad).map(({ service }) => service);
  await eventually(
    async () => casesOf(hall.hub.database).length,
    (count) => count >= disliked.length,
  );
  await hall.hub.stop();

  expect(disliked.length).toBeGreaterThan(kills);
  expect(casesOf(hall.hub.database)).toEqual(disliked.toSorted());
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
