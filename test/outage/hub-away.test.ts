import { expect, onTestFinished, test } from 'vitest';
import { serveCustomers } from '../support/customers.ts';
import { drained, openHall } from '../support/hall.ts';
import { recordsOf, talliesAndRebuilt } from '../support/records.ts';

const customers = 120;

test('a terminal goes on without the hub, through a restart of its own, and the backlog comes in order', async () => {
  const hall = await openHall();
  onTestFinished(() => hall.close());
  const agent = await hall.terminal(1);
  await hall.hub.stop();
  const counter = serveCustomers(agent);
  for (let customer = 0; customer < customers; customer++) {
    await counter.pressed();
    if (customer === customers / 2) {
      await agent.stop();
      await agent.start();
    }
  }
  await counter.finish();
  const screen = await agent.stepUp();
  expect((await screen.shows(() => true)).online).toBe(false);
  screen.close();

  await hall.hub.start();
  await drained(agent);
  await hall.hub.stop();
  const records = recordsOf(hall.hub.database);
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
  expect(new Set(records.map(({ outbox }) => outbox)).size).toBe(1);
  const ratings = records.filter(({ type }) => type === 'manyi.rating.given.v1');
  expect(ratings.map(({ data }) => data['level'])).toEqual(counter.rated);
  expect(ratings.length).toBeGreaterThanOrEqual(customers);
  const { kept, rebuilt } = talliesAndRebuilt(`${hall.folder}/hub`);
  expect(kept).toEqual(rebuilt);
});
