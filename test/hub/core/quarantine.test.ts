import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startCore } from '../../support/core.ts';
import { rating } from '../../support/events.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { connectTerminal } from '../../support/mqtt-terminal.ts';
import { counted, eventIds, hall, join, quarantined } from './hall.ts';

const bad = {
  'not-json': () => 'not json',
  'not-an-event': (outbox: string, seq: number) => ({ ...rating(outbox, seq), specversion: '0.3' }),
  'unknown-type': (outbox: string, seq: number) => ({ ...rating(outbox, seq), type: 'manyi.weather.seen.v1' }),
  'unknown-version': (outbox: string, seq: number) => ({ ...rating(outbox, seq), type: 'manyi.rating.given.v9' }),
  'unknown-level': (outbox: string, seq: number) => rating(outbox, seq, { level: 'basically-satisfied' }),
  'too-large': (outbox: string, seq: number) => rating(outbox, seq, { ticket: 'x'.repeat(70_000) }),
} as const;

test.for(Object.entries(bad))(
  '%s: kept with its reason; a number that can be read is settled',
  async ([reason, make]) => {
    const core = await hall();
    const terminal = await join(core);
    const outbox = randomUUID();
    const wrong = make(outbox, 1);
    const hasNumber = typeof wrong !== 'string';
    const good = rating(outbox, hasNumber ? 2 : 1);
    await terminal.send(wrong, good);
    expect(await terminal.receipt(outbox, 1)).toEqual({ outbox, through: hasNumber ? 2 : 1 });
    expect(quarantined(core)).toMatchObject([{ reason, terminal: 'terminal-1', seq: hasNumber ? 1 : null }]);
    expect(eventIds(core)).toEqual([good.id]);
  },
);

test.for(['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON', null])(
  'JSON may be said with its parameters: %s',
  async (datacontenttype) => {
    const core = await hall();
    const terminal = await join(core);
    const outbox = randomUUID();
    const one = { ...rating(outbox, 1), datacontenttype };
    await terminal.send(one);
    await terminal.receipt(outbox, 1);
    expect(eventIds(core)).toEqual([one.id]);
  },
);

test.for(['application/xml', 'application/jsonp', 'text/json'])(
  'data of type %s is not ours',
  async (datacontenttype) => {
    const core = await hall();
    const terminal = await join(core);
    const outbox = randomUUID();
    await terminal.send({ ...rating(outbox, 1), datacontenttype });
    await terminal.receipt(outbox, 1);
    expect(quarantined(core)).toMatchObject([{ reason: 'not-an-event' }]);
  },
);

test('lists within lists without end are no event, and no failure of the hub that would hold others up', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const nested = (depth: number) => `${'['.repeat(depth)}"]["${']'.repeat(depth)}`;
  const withMore = (seq: number, depth: number) => {
    const text = JSON.stringify(rating(outbox, seq, { more: 0 }));
    return text.replace('"more":0', `"more":${nested(depth)}`);
  };
  await terminal.send(withMore(1, 20_000), withMore(2, 900));
  expect(await terminal.receipt(outbox, 2)).toEqual({ outbox, through: 2 });
  expect(quarantined(core)).toMatchObject([{ reason: 'not-an-event', seq: 1 }]);
  expect(core.lines.filter((line) => line.includes('the hub failed on'))).toEqual([]);
});

test('bytes that are not UTF-8 and a status that is none are kept too', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  await terminal.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
  await terminal.status({ state: 'asleep' });
  await terminal.send(rating(outbox, 1));
  await terminal.receipt(outbox, 1);
  expect(quarantined(core).map(({ reason }) => reason)).toEqual(['not-json', 'not-a-status']);
});

test('the same malformed event again is put aside once', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const wrong = bad['unknown-type'](outbox, 1);
  await terminal.send(wrong, wrong, rating(outbox, 2));
  await terminal.receipt(outbox, 2);
  expect(quarantined(core)).toHaveLength(1);
});

test('a terminal keeps at most its share; the rest is counted', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const large = Buffer.alloc(200_000, 'x');
  for (let sent = 0; sent < 60; sent++) await terminal.send(large);
  await terminal.send(rating(outbox, 1));
  await terminal.receipt(outbox, 1);
  const kept = quarantined(core);
  expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(10 * 1024 * 1024);
  const counts = core.database.sqlite.prepare('SELECT terminal, reason, count FROM quarantine_overflow').all();
  expect(counts).toEqual([{ terminal: 'terminal-1', reason: 'too-large', count: 60 - kept.length }]);
});

test('what is understood at a later start goes to the ledger then, and counts', async () => {
  const folder = temporaryFolder();
  const outbox = randomUUID();
  const first = await startCore({ folder, terminals: 1 });
  const terminal = await connectTerminal(first.port);
  const one = rating(outbox, 1);
  // The hub fails on the event as long as the table refuses it, as an older hub fails on what it cannot know.
  first.database.sqlite.exec(
    `CREATE TRIGGER refuse BEFORE INSERT ON ledger WHEN new.id = '${one.id}' BEGIN SELECT RAISE(ABORT, 'not this one'); END`,
  );
  const others = [2, 3, 4, 5].map((seq) => rating(outbox, seq));
  await terminal.send(...others.slice(0, 2), one, ...others.slice(2));
  expect(await terminal.receipt(outbox, 5)).toEqual({ outbox, through: 5 });
  expect(quarantined(first)).toMatchObject([{ reason: 'failed', seq: 1 }]);
  expect(eventIds(first)).toEqual(others.map(({ id }) => id));
  expect(counted(first, 'rated')).toBe(4);
  first.database.sqlite.exec('DROP TRIGGER refuse');
  await terminal.close();
  await first.close();

  const second = await hall({ folder });
  expect(quarantined(second)).toEqual([]);
  expect(eventIds(second)).toEqual([...others, one].map(({ id }) => id));
  expect(counted(second, 'rated')).toBe(5);
  const sums = 'SELECT received, quarantined, missing FROM deliveries';
  expect(second.database.sqlite.prepare(sums).all()).toEqual([{ received: 5, quarantined: 0, missing: 0 }]);
  const again = await join(second);
  await again.status({ state: 'online', connection: randomUUID(), outbox, first: 6, next: 6, agent: '0.1.0' });
  expect(await again.nextReceipt()).toEqual({ outbox, through: 5 });
});

test('a service is its terminal’s from the first word of it, also within one batch', async () => {
  const core = await hall();
  const service = randomUUID();
  const take = (terminal: string, one: object) =>
    core.ingest.take({
      site: 'main-hall',
      terminal,
      channel: 'events',
      topic: `manyi/v1/main-hall/${terminal}/events`,
      payload: Buffer.from(JSON.stringify(one)),
      arrived: Date.now(),
    });
  const own = rating(randomUUID(), 1, { service });
  void take('terminal-1', own);
  void take('terminal-2', rating(randomUUID(), 1, { service }));
  const terminal = await join(core, 'terminal-3');
  const outbox = randomUUID();
  await terminal.send(rating(outbox, 1));
  await terminal.receipt(outbox, 1);
  expect(quarantined(core)).toMatchObject([{ reason: 'foreign-service', terminal: 'terminal-2' }]);
  expect(core.ledger.ofService(service).map(({ id }) => id)).toEqual([own.id]);
});
