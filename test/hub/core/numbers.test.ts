import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { event, rating } from '../../support/events.ts';
import { counted, eventIds, facts, hall, join, quarantined } from './hall.ts';

const online = (outbox: string, first: number, next: number) => ({
  state: 'online',
  connection: randomUUID(),
  outbox,
  first,
  next,
  agent: '0.1.0',
});

test('events 1, 2, 4 and then 3: the receipt stops at the gap, what lies beyond is stored at once', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const [one, two, three, four] = [1, 2, 3, 4].map((seq) => rating(outbox, seq));
  await terminal.send(one as object, two as object, four as object);
  expect(await terminal.receipt(outbox, 2)).toEqual({ outbox, through: 2 });
  expect(eventIds(core)).toEqual([one?.id, two?.id, four?.id]);
  await terminal.send(three as object);
  expect(await terminal.receipt(outbox, 3)).toEqual({ outbox, through: 4 });
  expect(counted(core, 'rated')).toBe(4);
});

test('the same again is dropped, and receipted', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const one = rating(outbox, 1);
  await terminal.send(one);
  await terminal.receipt(outbox, 1);
  const again = terminal.nextReceipt();
  await terminal.send(one, one);
  expect(await again).toEqual({ outbox, through: 1 });
  expect(eventIds(core)).toEqual([one.id]);
  expect(counted(core, 'rated')).toBe(1);
  expect(quarantined(core)).toEqual([]);
});

test('another id under a used number is put aside and told, and the terminal goes on', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const one = rating(outbox, 1);
  const other = rating(outbox, 1);
  await terminal.send(one);
  await terminal.receipt(outbox, 1);
  const answer = terminal.nextReceipt();
  await terminal.send(other);
  expect(await answer).toEqual({ outbox, through: 1 });
  expect(eventIds(core)).toEqual([one.id]);
  expect(quarantined(core)).toMatchObject([{ reason: 'number-reused', seq: 1 }]);
  const again = terminal.nextReceipt();
  await terminal.send(other);
  await again;
  expect(quarantined(core)).toHaveLength(1);
  expect(facts(core, 'manyi.number.reused.v1')).toEqual([{ outbox, seq: 1, count: 1 }]);
});

test('numbers below the first of a status are missing for good, told, and passed', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  await terminal.send(rating(outbox, 3));
  await terminal.status(online(outbox, 6, 8));
  expect(await terminal.receipt(outbox, 5)).toEqual({ outbox, through: 5 });
  expect(facts(core, 'manyi.numbers.missing.v1')).toEqual([
    { outbox, first: 1, last: 2 },
    { outbox, first: 4, last: 5 },
  ]);
  const sums = 'SELECT received, quarantined, missing FROM deliveries';
  expect(core.database.sqlite.prepare(sums).all()).toEqual([{ received: 1, quarantined: 0, missing: 4 }]);
});

test('a missing event that comes after all is taken', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const two = rating(outbox, 2);
  await terminal.status(online(outbox, 4, 4));
  await terminal.receipt(outbox, 3);
  const answer = terminal.nextReceipt();
  await terminal.send(two);
  expect(await answer).toEqual({ outbox, through: 3 });
  expect(eventIds(core)).toEqual([two.id]);
  const ranges = 'SELECT first, last FROM settled_numbers ORDER BY first';
  expect(core.database.sqlite.prepare(ranges).all()).toEqual([
    { first: 1, last: 1 },
    { first: 3, last: 3 },
  ]);
});

test('a status that claims a trillion lost numbers costs one row', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  await terminal.status(online(outbox, 1e12, 1e12));
  expect(await terminal.receipt(outbox, 1)).toEqual({ outbox, through: 1e12 - 1 });
  expect(core.database.sqlite.prepare('SELECT count(*) FROM settled_numbers').pluck().get()).toBe(1);
});

test('every online is answered with the receipt as it stands', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  await terminal.send(rating(outbox, 1));
  await terminal.receipt(outbox, 1);
  const answer = terminal.nextReceipt();
  await terminal.status(online(outbox, 2, 2));
  expect(await answer).toEqual({ outbox, through: 1 });
  expect(core.statuses.map(({ status }) => status.state)).toEqual(['online']);
});

test('a void settles its number; a void of what is safe changes nothing', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const one = rating(outbox, 1);
  const voided = (seq: number) => ({
    ...rating(outbox, seq),
    type: 'manyi.outbox.voided.v1',
    data: { outbox, seq, why: 'unreadable', bytes: null },
  });
  await terminal.send(one, voided(2));
  expect(await terminal.receipt(outbox, 2)).toEqual({ outbox, through: 2 });
  const answer = terminal.nextReceipt();
  await terminal.send(voided(1));
  await answer;
  expect(quarantined(core)).toEqual([]);
  expect(eventIds(core)).toHaveLength(2);
});

test('what a terminal sends again under a new outbox is in the ledger once', async () => {
  const core = await hall();
  const terminal = await join(core);
  const [old, fresh] = [randomUUID(), randomUUID()];
  const one = rating(old, 1);
  const two = event('manyi.panel.counted.v1', old, 2, { panel: 'p1', totals: { satisfied: 4 } });
  await terminal.send(one, two);
  await terminal.receipt(old, 2);
  const renumbered = [one, two].map((each, index) => ({
    ...each,
    data: { ...each.data, outbox: fresh, seq: index + 1 },
  }));
  await terminal.send(...renumbered, rating(fresh, 3));
  expect(await terminal.receipt(fresh, 3)).toEqual({ outbox: fresh, through: 3 });
  expect(eventIds(core)).toHaveLength(3);
  expect(counted(core, 'rated')).toBe(2);
});

test('another rating of the same service is stored as a repeat and counts nowhere', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const service = randomUUID();
  await terminal.send(rating(outbox, 1, { service }), rating(outbox, 2, { service, level: 'dissatisfied' }));
  await terminal.receipt(outbox, 2);
  expect(core.ledger.ofService(service)).toHaveLength(2);
  expect(core.database.sqlite.prepare('SELECT level FROM ratings').pluck().all()).toEqual(['very-satisfied']);
  expect([counted(core, 'rated'), counted(core, 'services'), counted(core, 'level_4')]).toEqual([1, 1, 0]);
});

test('two terminals with the same outbox and client id do not disturb each other', async () => {
  const core = await hall();
  const outbox = randomUUID();
  const [first, second] = [await join(core, 'terminal-1'), await join(core, 'terminal-2')];
  await first.send(rating(outbox, 1));
  await second.send(rating(outbox, 1));
  await first.receipt(outbox, 1);
  await second.receipt(outbox, 1);
  expect(eventIds(core)).toHaveLength(2);
});

test('a time far ahead counts at arrival, none too; a counter that is not named is the one of the terminal', async () => {
  const core = await hall();
  const terminal = await join(core, 'terminal-2');
  const outbox = randomUUID();
  const before = Date.now();
  const ahead = new Date(before + 60 * 60 * 1000);
  const { time: _, ...timeless } = rating(outbox, 2);
  await terminal.send(rating(outbox, 1, {}, ahead), timeless, rating(outbox, 3, { counter: 'counter-3' }));
  await terminal.receipt(outbox, 3);
  const entries = core.ledger.read(0, 10);
  for (const { time, arrived } of entries.slice(0, 2)) expect(time).toBe(arrived);
  expect(entries.map((entry) => entry.counter)).toEqual(['counter-2', 'counter-2', 'counter-3']);
  expect(core.database.sqlite.prepare('SELECT claimed FROM ledger').pluck().all()).toEqual([
    ahead.getTime(),
    null,
    null,
  ]);
});
