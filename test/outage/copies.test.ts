import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTerminal } from '@manyi/agent/terminal';
import type { Completeness } from '@manyi/config/api';
import { agentSettings as agentSchema, readSettings } from '@manyi/config/settings';
import { expect, onTestFinished, test } from 'vitest';
import { type AgentProgram, agentSettings } from '../support/agent-program.ts';
import { eventually } from '../support/api.ts';
import { drained, type Hall, openHall } from '../support/hall.ts';
import { watch } from '../support/live.ts';
import { allRatings, expectTallies, recordsOf } from '../support/records.ts';

/* A copied card, an old image put back, a hub restored: numbers are used twice or lost, and nothing that was thanked for may be. */

/** In a continuous site every press is a service and its rating. */
async function rate(agent: AgentProgram, ...levels: string[]): Promise<void> {
  const screen = await agent.stepUp();
  for (const level of levels) {
    await screen.shows(({ phase }) => phase === 'no-clerk');
    expect(await screen.does({ type: 'press', level })).toBe(true);
  }
  await screen.shows(({ phase }) => phase === 'no-clerk');
  screen.close();
}

/** The levels in the ledger of a stopped hub, and the tallies beside a rebuild. */
function expectLedger(hall: Hall, levels: readonly string[]): void {
  const ratings = recordsOf(hall.hub.database, 'manyi.rating.given.v1');
  expect(ratings.map(({ data }) => data['level']).sort()).toEqual([...levels].sort());
  expect(new Set(ratings.map(({ data }) => data['service'])).size).toBe(levels.length);
  expect(new Set(ratings.map(({ id }) => id)).size).toBe(levels.length);
  expectTallies(join(hall.folder, 'hub'));
}

const outboxesOf = (hall: Hall) => new Set(recordsOf(hall.hub.database).map(({ outbox }) => outbox));

/** Takes the place of a terminal's data. */
function putBack(agent: AgentProgram, image: string): void {
  rmSync(agent.folder, { recursive: true });
  cpSync(image, agent.folder, { recursive: true });
}

test('an outbox cloned to a second card: both go on, each in turn, and every rating of both counts once', {
  timeout: 240_000,
}, async () => {
  const hall = await openHall({ mode: 'continuous' });
  const agent = await hall.terminal(1);
  await rate(agent, 'satisfied');
  await drained(agent);
  await hall.hub.stop();
  // What is unsent at the cloning is on both cards.
  await rate(agent, 'average', 'average');
  await agent.stop();
  const [first, second] = [join(hall.folder, 'card-1'), join(hall.folder, 'card-2')];
  cpSync(agent.folder, first, { recursive: true });
  cpSync(agent.folder, second, { recursive: true });

  await agent.start();
  await rate(agent, 'very-satisfied');
  await hall.hub.start();
  await drained(agent);
  await agent.stop();
  cpSync(agent.folder, first, { recursive: true });

  // The other card knows nothing of that, and gives its own events the same numbers.
  putBack(agent, second);
  await hall.hub.stop();
  await agent.start();
  await rate(agent, 'dissatisfied');
  await hall.hub.start();
  await drained(agent);
  await rate(agent, 'dissatisfied');
  await drained(agent);
  await agent.stop();

  putBack(agent, first);
  await agent.start();
  await rate(agent, 'very-satisfied');
  await drained(agent);
  await hall.hub.stop();
  expectLedger(hall, [
    'satisfied',
    'average',
    'average',
    'very-satisfied',
    'dissatisfied',
    'dissatisfied',
    'very-satisfied',
  ]);
  expect(outboxesOf(hall).size).toBe(2);
});

test('a card in another machine opens a new outbox, and brings what it holds', async () => {
  const hall = await openHall({ mode: 'continuous' });
  const agent = await hall.terminal(1);
  await rate(agent, 'satisfied');
  await drained(agent);
  await hall.hub.stop();
  await rate(agent, 'average');
  await agent.stop();
  await hall.hub.start();

  const settings = readSettings(agentSchema, agentSettings(agent.folder, hall.hub.url));
  const moved = await createTerminal(
    { ...settings, MANYI_LOG_LEVEL: 'silent' },
    { fingerprint: 'another machine altogether' },
  );
  onTestFinished(() => moved.close());
  await moved.input({ type: 'press', level: 'dissatisfied' });
  await eventually(
    () => allRatings(hall.hub.api()),
    (ratings) => ratings.length === 3,
  );
  await hall.hub.stop();
  expectLedger(hall, ['satisfied', 'average', 'dissatisfied']);
  expect(outboxesOf(hall).size).toBe(2);
});

test('an old image put back opens a new outbox, and nothing is taken for what it is not', async () => {
  const hall = await openHall({ mode: 'continuous' });
  const agent = await hall.terminal(1);
  await rate(agent, 'satisfied');
  await drained(agent);
  await agent.stop();
  const image = join(hall.folder, 'image');
  cpSync(agent.folder, image, { recursive: true });
  await agent.start();
  await rate(agent, 'average', 'average');
  await drained(agent);
  await agent.stop();

  putBack(agent, image);
  await agent.start();
  await rate(agent, 'dissatisfied');
  await drained(agent);
  const { missing, quarantined } = await hall.hub.api().get<Completeness>(`/terminals/terminal-1/completeness`);
  expect({ missing, quarantined }).toEqual({ missing: 0, quarantined: 0 });
  await hall.hub.stop();
  expectLedger(hall, ['satisfied', 'average', 'average', 'dissatisfied']);
  expect(outboxesOf(hall).size).toBe(2);
});

test('a hub restored to an earlier state tells what it has lost, and goes on', async () => {
  const hall = await openHall({ mode: 'continuous' });
  const agent = await hall.terminal(1);
  await rate(agent, 'satisfied');
  await drained(agent);
  await hall.hub.stop();
  const backup = join(hall.folder, 'backup');
  const data = join(hall.folder, 'hub');
  cpSync(data, backup, { recursive: true });
  await hall.hub.start();
  await rate(agent, 'average', 'average');
  await drained(agent);
  await hall.hub.stop();
  const lost = recordsOf(hall.hub.database).slice(recordsOf(join(backup, 'hub.db')).length);
  // While the hub is away the terminal goes on.
  await rate(agent, 'dissatisfied');

  rmSync(data, { recursive: true });
  cpSync(backup, data, { recursive: true });
  await hall.hub.start();
  const live = await watch(hall.hub.url, hall.hub.api().token, 0);
  onTestFinished(() => live.close());
  const told = await live.sees(({ type }) => type === 'manyi.numbers.missing.v1');
  expect(told).toMatchObject({ terminal: 'terminal-1', data: { first: lost[0]?.seq, last: lost.at(-1)?.seq } });
  await drained(agent);
  await rate(agent, 'very-satisfied');
  await drained(agent);
  expect(await hall.hub.api().get<Completeness>(`/terminals/terminal-1/completeness`)).toMatchObject({
    missing: lost.length,
    quarantined: 0,
  });
  await hall.hub.stop();
  expectLedger(hall, ['satisfied', 'dissatisfied', 'very-satisfied']);
});
