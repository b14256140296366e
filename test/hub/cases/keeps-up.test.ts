import { openCases } from '@manyi/hub/cases/cases';
import { openDatabase } from '@manyi/hub/database/database';
import { openLedger } from '@manyi/hub/ledger/ledger';
import { openTallies } from '@manyi/hub/tallies/store';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';

const now = () => Date.parse('2026-11-22T17:30:00+08:00');
const rating = 'manyi.rating.given.v1';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** A hub's ledger and what is folded from it, with cases that can be opened and closed. */
function openBooks() {
  const errors: string[] = [];
  const onError = (error: unknown) => void errors.push(String(error));
  const database = openDatabase(temporaryFolder());
  onTestFinished(() => database.close());
  const { sqlite } = database;
  const ledger = openLedger(database, { now }, onError);
  const tallies = openTallies(database);
  const place = { site: 'main-hall', terminal: 'terminal-1', counter: 'counter-1', clerk: 'C1' };
  return {
    sqlite,
    errors,
    open: () => openCases({ database, ledger, now, onError }),
    cases: () => sqlite.prepare('SELECT service FROM cases ORDER BY number').pluck().all(),
    /** A bad rating; resolves when the ledger has told of it. */
    async rate(service: string) {
      sqlite.transaction(() => {
        const data = { service, level: 'dissatisfied', profile: 'four-key', duty: null, startedAt: null };
        const [position = 0] = ledger.append([{ type: rating, ...place, service, data }]);
        tallies.take({ type: rating, data }, { ...place, position, time: now(), called: true }, 'Asia/Shanghai');
        tallies.flush();
      })();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('what came while nobody looked has its case after the next start, and what comes after the end has none', async () => {
  const books = openBooks();
  const first = books.open();
  vi.runAllTimers();
  await books.rate('before');
  first.close();
  vi.runAllTimers();
  await books.rate('between');
  expect(books.cases()).toEqual([]);
  const second = books.open();
  vi.runAllTimers();
  expect(books.cases()).toEqual(['before', 'between']);
  second.close();
  await books.rate('after');
  expect(vi.getTimerCount()).toBe(0);
});

test('a rating that comes while somebody else writes has its case afterwards', async () => {
  const books = openBooks();
  const cases = books.open();
  vi.runAllTimers();
  await books.rate('one');
  books.sqlite.exec('BEGIN');
  vi.advanceTimersByTime(200);
  books.sqlite.exec('ROLLBACK');
  expect(books.cases()).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(books.cases()).toEqual(['one']);
  cases.close();
});

test('a case that could not be written is written later, and the failure is told once', async () => {
  const books = openBooks();
  const cases = books.open();
  vi.runAllTimers();
  await books.rate('one');
  books.sqlite.exec("CREATE TRIGGER full BEFORE INSERT ON cases BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  vi.advanceTimersByTime(5_000);
  books.sqlite.exec('DROP TRIGGER full');
  vi.advanceTimersByTime(5_200);
  expect(books.cases()).toEqual(['one']);
  expect(books.errors).toEqual(['SqliteError: the disk is full']);
  cases.close();
});
