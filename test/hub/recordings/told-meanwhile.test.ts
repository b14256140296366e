import { randomUUID } from 'node:crypto';
import { openDatabase } from '@manyi/hub/database/database';
import { openLedger } from '@manyi/hub/ledger/ledger';
import { followAnnouncements } from '@manyi/hub/recordings/announced/announced';
import { createAnnouncementStore } from '@manyi/hub/recordings/announced/store';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { event } from '../../support/events.ts';
import { temporaryFolder } from '../../support/folder.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

const now = () => Date.parse('2026-11-22T17:30:00+08:00');

/** A hub's ledger, and who takes in what it tells of clips. */
function openBooks() {
  const errors: string[] = [];
  const onError = (error: unknown) => void errors.push(String(error));
  const database = openDatabase(temporaryFolder());
  onTestFinished(() => database.close());
  const ledger = openLedger(database, { now }, onError);
  const lost: string[] = [];
  const store = createAnnouncementStore(database);
  const hear = { lost: ({ recording }: { recording: string }) => void lost.push(recording), onError };
  onTestFinished(followAnnouncements({ ledger, store, now, ...hear }).close);
  vi.runAllTimers();
  return {
    sqlite: database.sqlite,
    errors,
    lost,
    /** A terminal tells of the loss of a clip. */
    lose() {
      const recording = randomUUID();
      const { type, data } = event('manyi.recording.lost.v1', randomUUID(), 1, {
        clerk: null,
        recording,
        why: 'no-room',
      });
      ledger.append([{ type, site: 'main-hall', terminal: 'terminal-1', counter: 'counter-1', data }]);
      return recording;
    },
  };
}

test('a loss that is told while somebody else writes is taken in afterwards', () => {
  const { sqlite, lost, lose } = openBooks();
  const recording = lose();
  sqlite.exec('BEGIN');
  vi.advanceTimersByTime(200);
  sqlite.exec('ROLLBACK');
  expect(lost).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(lost).toEqual([recording]);
});

test('a loss that could not be written down is taken in later, and the failure is told once', () => {
  const { sqlite, errors, lost, lose } = openBooks();
  const recording = lose();
  sqlite.exec("CREATE TRIGGER full BEFORE INSERT ON recordings BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  vi.advanceTimersByTime(5_000);
  sqlite.exec('DROP TRIGGER full');
  vi.advanceTimersByTime(5_200);
  expect(lost).toEqual([recording]);
  expect(errors).toEqual(['SqliteError: the disk is full']);
});
