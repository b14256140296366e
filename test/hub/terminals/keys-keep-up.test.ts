import { randomUUID } from 'node:crypto';
import { openDatabase } from '@manyi/hub/database/database';
import { keepUp } from '@manyi/hub/ledger/keep-up';
import { openLedger } from '@manyi/hub/ledger/ledger';
import { keyFactTypes } from '@manyi/hub/terminals/keys/fact';
import { createKeyStore } from '@manyi/hub/terminals/keys/store';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { rating } from '../../support/events.ts';
import { temporaryFolder } from '../../support/folder.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

test('a press that comes while somebody else writes is counted afterwards', async () => {
  const onError = (error: unknown) => {
    throw error;
  };
  const database = openDatabase(temporaryFolder());
  onTestFinished(() => database.close());
  const ledger = openLedger(database, { now: () => 1000 }, onError);
  const { of, takeSome } = createKeyStore(database, ledger);
  const gatherMs = 2_000;
  onTestFinished(keepUp({ ledger, types: keyFactTypes, takeSome, gatherMs, onError }));
  vi.runAllTimers();
  const { type, data } = rating(randomUUID(), 1);
  ledger.append([{ type, site: 'main-hall', terminal: 'terminal-1', data }]);
  database.sqlite.exec('BEGIN');
  vi.advanceTimersByTime(gatherMs);
  database.sqlite.exec('ROLLBACK');
  expect(of('terminal-1')).toBeNull();
  vi.advanceTimersByTime(gatherMs);
  expect(of('terminal-1')).toMatchObject({ ratings: 1 });
});
