import { type ClockParts, createClock } from '@manyi/agent/clock';
import { pauseBefore } from '@manyi/agent/link/connection';
import { createDrain } from '@manyi/agent/link/drain';
import { createLink, type Link } from '@manyi/agent/link/link';
import { createLog } from '@manyi/agent/log';
import { thisMachine } from '@manyi/agent/machine';
import type { Outbox } from '@manyi/agent/outbox/outbox';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { type Counterpart, place, startCounterpart } from './counterpart.ts';
import { fill, noShift, outboxIn } from './outbox-parts.ts';

const log = createLog('silent');

async function counterpart(port = 0): Promise<Counterpart> {
  const other = await startCounterpart(port);
  onTestFinished(() => other.close());
  return other;
}

const noHubTime = () => Promise.reject(new Error('none'));

function link(
  other: Counterpart,
  outbox: Outbox,
  heard: { name: string; message: unknown }[] = [],
  clock: Pick<ClockParts, 'machine' | 'hubTime'> = {
    machine: { ...thisMachine(), synced: () => true },
    hubTime: noHubTime,
  },
): Link {
  const note = (name: string) => (message: unknown) => void heard.push({ name, message });
  const made = createLink({
    enrolled: {
      ...place,
      counter: 'counter-1',
      username: 'terminal-1',
      password: 'p',
      broker: `mqtt://127.0.0.1:${other.port}`,
      rosterKey: '',
    },
    outbox,
    clock: createClock({
      ...clock,
      anchor: 1_000_000,
      correction: null,
      keep: outbox.keepCorrection,
    }),
    agent: '0.0.0',
    health: () => ({}),
    timeZone: () => 'Asia/Shanghai',
    onSettings: note('settings'),
    onRoster: note('roster'),
    onCommand: note('command'),
    onPresence: () => {},
    onTrouble: note('trouble'),
    log,
  });
  onTestFinished(() => made.close());
  return made;
}

const numbers = (other: Counterpart) => other.events.map((event) => event.data.seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('a backlog drains in order, each event once, and is forgotten on receipt', async () => {
  const other = await counterpart();
  const outbox = outboxIn(temporaryFolder());
  fill(outbox, 1500);
  link(other, outbox);
  await other.until(() => other.events.length === 1500);
  expect(numbers(other)).toEqual(range(1, 1500));
  await other.until(() => other.statuses.some((status) => status.state === 'online' && status.first === 1501));
  expect(outbox.status()).toMatchObject({ first: 1501, next: 1501 });
});

test('events and commands wait for the time of a hub that answers on MQTT first, and the status does not', async () => {
  const other = await counterpart();
  const outbox = outboxIn(temporaryFolder());
  fill(outbox, 1);
  const order: string[] = [];
  const heard: { name: string; message: unknown }[] = [];
  const statusesWhenAsked: number[] = [];
  const hubTime = () => {
    statusesWhenAsked.push(other.statuses.length);
    if (statusesWhenAsked.length === 1) {
      other.say('commands', { id: 'early' });
      return noHubTime();
    }
    order.push(`time after ${heard.length} commands and ${other.events.length} events`);
    return Promise.resolve(1_800_000_000_000);
  };
  link(other, outbox, heard, { machine: { ...thisMachine(), synced: () => false }, hubTime });
  await other.until(() => other.events.length === 1);
  expect(order).toEqual(['time after 0 commands and 0 events']);
  expect(other.events[0]?.data['clock']).toMatchObject({ synced: true });
  await expect.poll(() => heard).toEqual([{ name: 'command', message: { id: 'early' } }]);
  expect(statusesWhenAsked[1]).toBe(1);
});

test('what is stored while connected leaves at once', async () => {
  const other = await counterpart();
  const outbox = outboxIn(temporaryFolder());
  const made = link(other, outbox);
  await other.until(() => other.statuses.length > 0);
  fill(outbox, 1);
  made.wake();
  await other.until(() => other.events.length === 1);
  expect(other.events[0]).toMatchObject({ type: 'manyi.duty.started.v1', data: { seq: 1, n: 1 } });
});

test('at most 500 events go beyond the last receipt', async () => {
  const other = await counterpart();
  other.upTo = 10;
  const outbox = outboxIn(temporaryFolder());
  fill(outbox, 1200);
  link(other, outbox);
  await other.until(() => other.events.length >= 250 && other.events.at(-1)?.data.seq === 500);
  expect(Math.max(...numbers(other))).toBeLessThanOrEqual(510);
});

test('a cut line is mended, and sending goes on from the last receipt', async () => {
  const other = await counterpart();
  const outbox = outboxIn(temporaryFolder());
  other.upTo = 2;
  fill(outbox, 4);
  link(other, outbox);
  await other.until(() => other.events.length === 4);
  other.cut();
  other.upTo = Number.POSITIVE_INFINITY;
  await other.until(() => other.events.length >= 6);
  expect(numbers(other)).toEqual([1, 2, 3, 4, 3, 4]);
  expect(other.events[4]).toEqual(other.events[2]);
  const connections = other.statuses.map((status) => status.connection);
  expect(other.statuses.filter((status) => status.state === 'offline').map((status) => status.connection)).toContain(
    connections[0],
  );
});

test('a broker that is away for a while is found again', async () => {
  const away = await startCounterpart();
  const { port } = away;
  await away.close();
  const outbox = outboxIn(temporaryFolder());
  fill(outbox, 3);
  link({ ...away, port }, outbox);
  const other = await counterpart(port);
  await other.until(() => other.events.length === 3);
  expect(numbers(other)).toEqual([1, 2, 3]);
});

test('a receipt for numbers of another life makes a new outbox, and everything held comes again under it', async () => {
  const other = await counterpart();
  other.answers = false;
  const outbox = outboxIn(temporaryFolder());
  fill(outbox, 2);
  const before = outbox.status().outbox;
  link(other, outbox);
  await other.until(() => other.statuses.length > 0);
  other.say('receipts', { outbox: before, through: 40 });
  await other.until(() => other.events.filter((event) => event.data.outbox !== before).length === 2);
  const anew = other.events.filter((event) => event.data.outbox !== before);
  expect(anew.map((event) => [event.data.seq, event.data['n']])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(other.statuses.at(-1)).toMatchObject({ state: 'online', outbox: anew[0]?.data.outbox, first: 1, next: 3 });
});

test('messages that are no messages of the hub are ignored, and what follows is heard', async () => {
  const other = await counterpart();
  const heard: { name: string; message: unknown }[] = [];
  link(other, outboxIn(temporaryFolder()), heard);
  await other.until(() => other.statuses.length > 0);
  other.say('settings', 'not json');
  other.say('settings', { site: 'wrong' });
  other.say('receipts', { through: 'x' });
  other.say('roster', { version: '3', href: '/api/v1/roster' });
  await expect.poll(() => heard).toEqual([{ name: 'roster', message: { version: '3', href: '/api/v1/roster' } }]);
});

test('a clean goodbye says offline', async () => {
  const other = await counterpart();
  const made = link(other, outboxIn(temporaryFolder()));
  await other.until(() => other.statuses.length > 0);
  await made.close();
  await other.until(() => other.statuses.at(-1)?.state === 'offline');
  expect(other.statuses.at(-1)?.connection).toBe(other.statuses[0]?.connection);
});

/** The drain alone, with a hub that is played by the test: what a real one does for minutes passes at once. */
function drainOf(
  outbox: Outbox,
  onSend: (seq: number) => void,
  line: { unacknowledged: number } = { unacknowledged: 0 },
) {
  let renewed = 0;
  const sent: { seq: number; type: string }[] = [];
  const drain = createDrain({
    outbox,
    publish: ({ seq, type }) => {
      sent.push({ seq, type });
      onSend(seq);
    },
    unacknowledged: () => line.unacknowledged,
    renew: () => {
      renewed += 1;
    },
    correction: () => noShift,
    onTurn: () => {},
    onTrouble: (error) => {
      throw error;
    },
    log,
    greetingMs: 1,
    patienceMs: 20,
  });
  onTestFinished(() => drain.shut());
  drain.open();
  return { drain, sent, renewed: () => renewed };
}

test('an event that a hub which answers never receipts is voided after three sends', async () => {
  const outbox = outboxIn(temporaryFolder());
  fill(outbox, 3);
  const { outbox: name } = outbox.status();
  const { drain, sent } = drainOf(outbox, () => setImmediate(() => drain.receipt({ outbox: name, through: 1 })));
  await expect.poll(() => sent.find(({ seq, type }) => seq === 2 && type === 'manyi.outbox.voided.v1')).toBeDefined();
  expect(sent.filter(({ seq, type }) => seq === 2 && type !== 'manyi.outbox.voided.v1')).toHaveLength(3);
  expect(sent.filter(({ seq, type }) => seq === 3 && type === 'manyi.outbox.voided.v1')).toEqual([]);
});

test('a hub that says nothing at all costs no event, however often it is sent', async () => {
  const outbox = outboxIn(temporaryFolder());
  fill(outbox, 1);
  const { sent } = drainOf(outbox, () => {});
  await expect.poll(() => sent.length).toBeGreaterThan(5);
  expect(sent.every(({ type }) => type === 'manyi.duty.started.v1')).toBe(true);
});

test('a broker that does not even acknowledge is left for a new connection, and nothing is voided for it', async () => {
  const outbox = outboxIn(temporaryFolder());
  fill(outbox, 1);
  const { outbox: name } = outbox.status();
  const { drain, sent, renewed } = drainOf(outbox, () => {}, { unacknowledged: 1 });
  await expect.poll(() => sent.length).toBe(1);
  drain.receipt({ outbox: name, through: 0 });
  await expect.poll(renewed).toBeGreaterThan(0);
  expect(sent).toHaveLength(1);
});

test('pauses between tries grow, stay under 15 s, and differ from terminal to terminal', () => {
  expect([0, 1, 2, 9, 500].map((attempt) => pauseBefore(attempt, 1))).toEqual([500, 1000, 2000, 15_000, 15_000]);
  expect(pauseBefore(9, 0)).toBe(7500);
});
