import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHealthBook } from '@manyi/agent/health';
import { createLog } from '@manyi/agent/log';
import { createTroubles, type Trouble } from '@manyi/agent/troubles';
import { expect, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { enrolledIn, heldIn, openAlone } from './lone-terminal.ts';

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

test('another cause of what has failed already is told as well: in the log and to the ledger', async () => {
  const folder = enrolledIn(temporaryFolder());
  const port = join(folder, 'reader');
  const lines: string[] = [];
  const take = (line: string) => void lines.push(line);
  const log = { debug: take, info: take, warn: take, error: take };
  const reader = { MANYI_BADGE_READER: 'serial', MANYI_BADGE_PORT: port };
  const terminal = await openAlone(folder, reader, { log });
  const says = (words: string) =>
    eventually(async () => lines.some((line) => line.startsWith('badge-reader: ') && line.includes(words)), Boolean);
  await says(`there is no ${port}`);
  writeFileSync(port, 'no reader at all');
  await says(`${port} cannot be opened`);
  await terminal.close();
  const told = heldIn(folder).filter(({ type }) => type === 'terminal.changed');
  expect(told.map(({ data }) => [data['part'], data['state'], data['detail']])).toEqual([
    ['badge-reader', 'failed', expect.stringContaining(`there is no ${port}`)],
    ['badge-reader', 'failed', expect.stringContaining(`${port} cannot be opened`)],
  ]);
});
