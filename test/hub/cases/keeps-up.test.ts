import { openCases } from '@manyi/hub/cases/cases';
import { openDatabase } from '@manyi/hub/database/database';
import { openLedger } from '@manyi/hub/ledger/ledger';
import { openTallies } from '@manyi/hub/tallies/store';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';

const now = Date.parse('2026-11-22T17:30:00+08:00');
const rating = 'manyi.rating.given.v1';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** The cases on a database of their own, where the ledger has just told of a bad rating. */
function openFollowed() {
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const database = openDatabase(temporaryFolder());
  const { sqlite } = database;
  const ledger = openLedger(database, { now: () => now }, onError);
  const cases = openCases({ database, ledger, now: () => now, onError });
  const tallies = openTallies(database);
  const place = { site: 'main-hall', terminal: 'terminal-1', counter: 'counter-1', clerk: 'C1' };
  vi.runAllTimers();
  sqlite.transaction(() => {
    const data = { service: 'one', level: 'dissatisfied', profile: 'four-key', duty: null, startedAt: null };
    const [position = 0] = ledger.append([{ type: rating, ...place, service: 'one', data }]);
    tallies.take({ type: rating, data }, { ...place, position, time: now, called: true }, 'Asia/Shanghai');
    tallies.flush();
  })();
  return {
    sqlite,
    errors,
    count: () => sqlite.prepare('SELECT count(*) FROM cases').pluck().get(),
    /** Resolves when the ledger has told of the rating: that comes after the transaction in which it was written. */
    told: () => new Promise<void>((resolve) => void setImmediate(resolve)),
    async close() {
      cases.close();
      expect(vi.getTimerCount()).toBe(0);
      await database.close();
    },
  };
}

test('a rating that comes while somebody else writes has its case afterwards', async () => {
  const followed = openFollowed();
  await followed.told();
  followed.sqlite.exec('BEGIN');
  vi.advanceTimersByTime(200);
  followed.sqlite.exec('ROLLBACK');
  expect(followed.count()).toBe(0);
  vi.advanceTimersByTime(200);
  expect(followed.count()).toBe(1);
  await followed.close();
});

test('a case that could not be written is written later, and the failure is told once', async () => {
  const followed = openFollowed();
  await followed.told();
  followed.sqlite.exec("CREATE TRIGGER full BEFORE INSERT ON cases BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  vi.advanceTimersByTime(5_000);
  expect(followed.errors.map(String)).toEqual(['SqliteError: the disk is full']);
  followed.sqlite.exec('DROP TRIGGER full');
  vi.advanceTimersByTime(5_200);
  expect(followed.count()).toBe(1);
  expect(followed.errors).toHaveLength(1);
  await followed.close();
});
