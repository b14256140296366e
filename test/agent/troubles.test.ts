import { createHealthBook } from '@manyi/agent/health';
import { createLog } from '@manyi/agent/log';
import { createTroubles, type Trouble } from '@manyi/agent/troubles';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';

test('what the ledger could not be told while the disk was full, it is told afterwards, in order and once', async () => {
  const health = createHealthBook(temporaryFolder(), ['badge-reader', 'microphone']);
  const troubles = createTroubles({ health, log: createLog('silent'), onNews: () => {} });
  const told: Trouble[] = [];
  troubles.partFailed('badge-reader', 'unplugged');
  await troubles.tellLedger(() => Promise.reject(new Error('the disk is full')));
  troubles.partFailed('microphone', 'unplugged');
  troubles.partRestored('badge-reader');
  const record = async (trouble: Trouble) => void told.push(trouble);
  await Promise.all([troubles.tellLedger(record), troubles.tellLedger(record)]);
  await troubles.tellLedger(record);
  expect(told.map(({ part, state }) => [part, state])).toEqual([
    ['badge-reader', 'failed'],
    ['microphone', 'failed'],
    ['badge-reader', 'restored'],
  ]);
});
