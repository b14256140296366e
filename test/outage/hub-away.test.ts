import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Machine } from '@manyi/agent/machine';
import { createTerminal } from '@manyi/agent/terminal';
import type { Scores } from '@manyi/config/api';
import { agentSettings as agentSchema, readSettings } from '@manyi/config/settings';
import { addDays, localDate } from '@manyi/config/zone';
import { expect, onTestFinished, test } from 'vitest';
import { agentSettings } from '../support/agent-program.ts';
import { eventually } from '../support/api.ts';
import { serveCustomers } from '../support/customers.ts';
import { clerk, drained, openHall, site, tapIn } from '../support/hall.ts';
import { allRatings, expectTallies, recordsOf } from '../support/records.ts';
import { handMoves } from '../support/screen.ts';

const dayMs = 86_400_000;
/** Of the hall. */
const zone = 'Asia/Shanghai';

test('a terminal goes on without the hub, killed and started again, and the backlog comes in order', {
  timeout: 240_000,
}, async () => {
  const hall = await openHall();
  const agent = await hall.terminal(1);
  await hall.hub.stop();
  const counter = serveCustomers(agent);
  for (const served of [10, 20, 30]) {
    while (counter.rated.length < served) await counter.pressed();
    await agent.kill();
    await agent.start();
  }
  await counter.finish();
  const screen = await agent.stepUp();
  expect((await screen.shows(() => true)).online).toBe(false);
  // The roster is on the disk.
  await tapIn(screen);
  screen.close();

  await hall.hub.start();
  await drained(agent);
  await hall.hub.stop();
  const records = recordsOf(hall.hub.database);
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
  expect(new Set(records.map(({ outbox }) => outbox)).size).toBe(1);
  const ratings = records.filter(({ type }) => type === 'manyi.rating.given.v1');
  expect(ratings.map(({ data }) => data['level'])).toEqual(counter.rated);
  expect(ratings.length).toBeGreaterThanOrEqual(30);
  expect(records.at(-1)).toMatchObject({ type: 'manyi.duty.started.v1', data: { clerk: clerk.id } });
  expectTallies(join(hall.folder, 'hub'));
});

test('days without a hub, with the machine started anew each morning: every rating counts on its own day', async () => {
  const hall = await openHall({ mode: 'continuous' });
  const settings = {
    ...readSettings(agentSchema, agentSettings(join(hall.folder, 'terminal-1'), hall.hub.url)),
    MANYI_ENROLMENT_CODE: await hall.newCode(1),
    MANYI_LOG_LEVEL: 'silent',
  } as const;
  const watch = startWatch(Date.now() - 3 * dayMs);
  const switchOn = async () => {
    const terminal = await createTerminal(settings, { machine: watch.machine() });
    onTestFinished(terminal.close);
    return terminal;
  };
  const first = await switchOn();
  await eventually(async () => first.isOnline(), Boolean);
  await first.close();
  await hall.hub.stop();

  const given: string[] = [];
  let terminal = await switchOn();
  for (const customers of [1, 2, 3]) {
    for (let customer = 0; customer < customers; customer++) {
      await terminal.input({ type: 'press', level: 'satisfied' });
      await handMoves();
      given.push(localDate(watch.now(), zone));
      watch.moveOn(60_000);
    }
    watch.moveOn(dayMs);
    await terminal.close();
    terminal = await switchOn();
  }
  await hall.hub.start();
  await eventually(
    () => allRatings(hall.hub.api()),
    ({ length }) => length >= given.length,
  );
  const [from = '', to = ''] = [given[0], addDays(localDate(Date.now(), zone), 1)];
  const { items } = await hall.hub.api().get<Scores>(`/scores?by=day&site=${site}&from=${from}&to=${to}`);
  const counted = items.flatMap(({ key, rated }) => Array<string>(rated).fill(key));
  expect(counted.sort()).toEqual(given);
});

/** A clock in the test's hand, and machines that go by it. */
function startWatch(begin: number) {
  let moved = 0;
  const started = performance.now();
  const now = () => begin + moved + performance.now() - started;
  return {
    now,
    moveOn: (ms: number) => {
      moved += ms;
    },
    /** A machine that has just been switched on. */
    machine: (): Machine => {
      const on = now();
      return { boot: randomUUID(), uptimeMs: () => now() - on, wallMs: now, synced: () => true };
    },
  };
}
