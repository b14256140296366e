import { systemClock } from '@manyi/hub/clock';
import { openDatabase } from '@manyi/hub/database/database';
import type { Entry } from '@manyi/hub/ledger/entry';
import { follow, SlowReader } from '@manyi/hub/ledger/follow';
import { type Ledger, openLedger } from '@manyi/hub/ledger/ledger';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';

function open() {
  const database = openDatabase(temporaryFolder());
  onTestFinished(() => database.close());
  const errors: unknown[] = [];
  return { database, errors, ledger: openLedger(database, systemClock, (error) => errors.push(error)) };
}

const facts = (count: number, type = 'manyi.test.v1') =>
  Array.from({ length: count }, (_, n) => ({ type, data: { n } }));

/** Reads positions until one is reached, doing something after each group. */
async function positions(
  ledger: Ledger,
  after: number,
  last: number,
  meanwhile: () => void = () => {},
): Promise<number[]> {
  const found: number[] = [];
  const stop = new AbortController();
  for await (const entries of follow(ledger, { after, signal: stop.signal })) {
    found.push(...entries.map((entry) => entry.position));
    meanwhile();
    if ((found.at(-1) ?? 0) >= last) stop.abort();
  }
  return found;
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

test('from a cursor over the cut to the live stream there is neither gap nor repeat', async () => {
  const { ledger } = open();
  ledger.append(facts(1300));
  let more = 200;
  const meanwhile = () => {
    if (more-- > 0) ledger.append(facts(3));
  };
  const timer = setInterval(meanwhile, 1);
  onTestFinished(() => clearInterval(timer));
  expect(await positions(ledger, 100, 1900, meanwhile)).toEqual(range(101, 1900));
});

test('a reader that leaves too much waiting is dropped, and may come back at its cursor', async () => {
  const { ledger } = open();
  const stop = new AbortController();
  const reader = follow(ledger, { after: 0, signal: stop.signal, maxWaiting: 10 });
  const first = reader.next();
  ledger.append(facts(2));
  expect((await first).value).toHaveLength(2);
  ledger.append(facts(6));
  ledger.append(facts(6));
  await expect(reader.next()).rejects.toThrow(SlowReader);
  expect(await positions(ledger, 2, 14)).toEqual(range(3, 14));
});

test('listeners hear every commit once, in order, and one that throws disturbs nobody', async () => {
  const { ledger, errors } = open();
  const heard: Entry[] = [];
  ledger.onCommit(() => {
    throw new Error('mine');
  });
  const stop = ledger.onCommit((entries) => heard.push(...entries));
  ledger.append(facts(2));
  ledger.append(facts(1));
  stop();
  ledger.append(facts(1));
  expect(heard.map((entry) => entry.position)).toEqual([1, 2, 3]);
  expect(errors).toHaveLength(3);
  expect(ledger.head).toBe(4);
});

test('facts inside an open transaction are told after its commit, and not at all after a rollback', async () => {
  const { database, ledger } = open();
  const heard: number[] = [];
  ledger.onCommit((entries) => heard.push(...entries.map((entry) => entry.position)));
  database.sqlite.exec('BEGIN');
  ledger.append(facts(2));
  expect(ledger.head).toBe(0);
  expect(ledger.read(0, 10)).toEqual([]);
  database.sqlite.exec('ROLLBACK');
  database.sqlite.exec('BEGIN');
  ledger.append(facts(1));
  database.sqlite.exec('COMMIT');
  await expect.poll(() => heard).toEqual([1]);
  ledger.append(facts(1));
  expect(heard).toEqual([1, 2]);
});

test('facts of a transaction that has just ended are told before what is committed right behind it', async () => {
  const { database, ledger } = open();
  const heard: number[] = [];
  ledger.onCommit((entries) => heard.push(...entries.map((entry) => entry.position)));
  database.sqlite.transaction(() => ledger.append(facts(2)))();
  ledger.append(facts(1));
  expect(heard).toEqual([1, 2, 3]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([1, 2, 3]);
});

test('a ledger that is opened again goes on where it was', () => {
  const { database, ledger } = open();
  ledger.append(facts(5));
  const again = openLedger(database, systemClock, () => {});
  expect(again.head).toBe(5);
  expect(again.append(facts(1))).toEqual([6]);
});
