import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Customers, serveCustomers } from '../support/customers.ts';
import { drained, type Hall, openHall } from '../support/hall.ts';
import { expectTallies, recordsOf } from '../support/records.ts';

const kills = 6;

/** The ratings of each terminal stand in the ledger once and in their order, and each of its services has one start and one end. */
function expectAll(hall: Hall, counters: readonly Customers[]): void {
  const records = recordsOf(hall.hub.database);
  for (const [index, counter] of counters.entries()) {
    const mine = records.filter((record) => record.terminal === `terminal-${index + 1}`);
    const services = (type: string) =>
      mine.filter((record) => record.type === `manyi.${type}.v1`).map((record) => record.data['service']);
    const ratings = mine.filter((record) => record.type === 'manyi.rating.given.v1');
    expect(ratings.map((record) => record.data['level'])).toEqual(counter.rated);
    expect(new Set(services('rating.given')).size).toBe(ratings.length);
    expect(services('service.started')).toEqual(services('rating.given'));
    expect(services('service.ended')).toEqual(services('rating.given'));
    expect(counter.thanked()).toBeGreaterThan(kills);
  }
  expectTallies(join(hall.folder, 'hub'));
}

describe('every press that was thanked for is in the ledger exactly once', { timeout: 240_000 }, () => {
  test('when agents are killed at random moments, and just as somebody presses', async () => {
    const hall = await openHall();
    const agents = await Promise.all([1, 2].map((number) => hall.terminal(number)));
    const counters = agents.map(serveCustomers);
    const outages = agents.map(async (agent, index) => {
      for (let kill = 0; kill < kills; kill++) {
        for (let customer = 0; customer < 3; customer++) await counters[index]?.pressed();
        // Just as the press is being committed, or at any other moment.
        await pass(Math.random() * (kill % 2 === 0 ? 20 : 400));
        await agent.kill();
        await agent.start();
      }
    });
    await Promise.all(outages);
    await Promise.all(counters.map((counter) => counter.finish()));
    await Promise.all(agents.map((agent) => drained(agent)));
    await hall.hub.stop();
    expectAll(hall, counters);
  });

  test('when the hub and the agents are killed at random', async () => {
    const hall = await openHall();
    const agents = await Promise.all([1, 2].map((number) => hall.terminal(number)));
    const counters = agents.map(serveCustomers);
    for (let kill = 0; kill < kills; kill++) {
      for (let customer = 0; customer < 3; customer++) await Promise.all(counters.map((counter) => counter.pressed()));
      await pass(Math.random() * 300);
      const victims = [hall.hub, ...agents].filter((_, index) => (kill + index) % 3 !== 0);
      await Promise.all(victims.map((victim) => victim.kill()));
      await Promise.all(victims.map((victim) => victim.start()));
    }
    await Promise.all(counters.map((counter) => counter.finish()));
    await Promise.all(agents.map((agent) => drained(agent)));
    await hall.hub.stop();
    expectAll(hall, counters);
  });
});

describe('an agent killed in the middle of an invitation', () => {
  test('opens it anew in full, and the answer is the rating of that service', async () => {
    const hall = await openHall();
    const agent = await hall.terminal(1, { MANYI_INVITATION_SECONDS: '600' });
    const before = await agent.stepUp();
    await before.does({ type: 'next' });
    await before.does({ type: 'invite' });
    const { closesInMs = 0 } = (await before.shows(({ countdown }) => (countdown?.closesInMs ?? 600_000) < 599_000))
      .countdown as { closesInMs: number };
    await agent.kill();
    await agent.start();

    const after = await agent.stepUp();
    const { countdown } = await after.shows(({ phase }) => phase === 'invitation');
    expect(countdown?.closesInMs).toBeGreaterThan(closesInMs);
    expect(await after.does({ type: 'press', level: 'satisfied' })).toBe(true);
    await after.does({ type: 'end' });
    await drained(agent);
    await hall.hub.stop();
    expect(recordsOf(hall.hub.database).map(({ type, data }) => [type, data['level'] ?? data['outcome']])).toEqual([
      ['manyi.service.started.v1', undefined],
      ['manyi.rating.given.v1', 'satisfied'],
      ['manyi.service.ended.v1', 'rated'],
    ]);
  });

  test('keeps what waits behind it: the next service begins with the answer', async () => {
    const hall = await openHall();
    const agent = await hall.terminal(1);
    const before = await agent.stepUp();
    await before.does({ type: 'next' });
    await before.does({ type: 'next' });
    await before.shows(({ phase }) => phase === 'invitation');
    await agent.kill();
    await agent.start();

    const after = await agent.stepUp();
    await after.shows(({ phase }) => phase === 'invitation');
    expect(await after.does({ type: 'press', level: 'dissatisfied' })).toBe(true);
    await after.shows(({ phase }) => phase === 'serving');
    await drained(agent);
    await hall.hub.stop();
    const [started, rating, ended, next] = recordsOf(hall.hub.database);
    expect(rating?.data).toMatchObject({ service: started?.data['service'], invitedBy: 'automatic' });
    expect(ended?.data).toMatchObject({ service: started?.data['service'], outcome: 'rated' });
    expect(next?.type).toBe('manyi.service.started.v1');
    expect(next?.data['service']).not.toBe(started?.data['service']);
  });
});
