import { join } from 'node:path';
import { openDatabase } from '@manyi/hub/database/database';
import { spine } from '@manyi/hub/database/migrations/0001-spine';
import { recordings } from '@manyi/hub/database/migrations/0002-recordings';
import { recordingPolicy } from '@manyi/hub/database/migrations/0003-recording-policy';
import { ratingsByTime } from '@manyi/hub/database/migrations/0004-ratings-by-time';
import { partFailures } from '@manyi/hub/database/migrations/0005-part-failures';
import { pages } from '@manyi/hub/database/migrations/0006-pages';
import { terminalKeys } from '@manyi/hub/database/migrations/0007-terminal-keys';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';

const before = [spine, recordings, recordingPolicy, ratingsByTime, partFailures, pages, terminalKeys];

/** A hub's file as the version before had it. */
function olderFile(folder: string): Sqlite.Database {
  const old = new Sqlite(join(folder, 'hub.db'));
  for (const statements of before) old.exec(statements);
  old.pragma(`user_version = ${before.length}`);
  return old;
}

test('the clips of an older hub stay as they are; losses get their reason, or a row; outlines are tried again', async () => {
  const folder = temporaryFolder();
  const old = olderFile(folder);
  const add = old.prepare(
    `INSERT INTO recordings (recording, position, site, terminal, counter, clerk, service, started, duration_ms, pressed_at_ms, bytes, sha256,
       repaired, state, held)
     VALUES (?, 1, 'hall', 'terminal-1', 'counter-1', 'C1', 'service', 1000, 5000, 700, 900, 'aa', 0, ?, ?)`,
  );
  add.run('stored', 'stored', 1);
  add.run('failed', 'stored', 0);
  add.run('lost', 'lost', 0);
  const outline = old.prepare('INSERT INTO recording_waveforms (recording, peaks, failed) VALUES (?, ?, ?)');
  outline.run('stored', Buffer.from([1, 2]), null);
  outline.run('failed', null, 'the storage was away');
  const tell = old.prepare(
    `INSERT INTO ledger (id, type, time, arrived, site, terminal, counter, clerk, service, data)
     VALUES (?, 'manyi.recording.lost.v1', 2000, 3000, 'hall', 'terminal-1', 'counter-1', NULL, NULL, ?)`,
  );
  tell.run('a', JSON.stringify({ recording: 'LOST', why: 'no-room' }));
  tell.run('b', JSON.stringify({ recording: 'never-told', why: 'refused' }));
  old.close();

  const database = openDatabase(folder);
  const rows = database.sqlite.prepare(
    'SELECT recording, state, held, bytes, started, fault, fault_at FROM recordings ORDER BY recording',
  );
  expect(rows.raw().all()).toEqual([
    ['failed', 'stored', 0, 900, 1000, null, null],
    ['lost', 'lost', 0, 900, 1000, 'no-room', 3000],
    ['never-told', 'lost', 0, null, 2000, 'refused', 3000],
    ['stored', 'stored', 1, 900, 1000, null, null],
  ]);
  expect(database.sqlite.prepare('SELECT recording FROM recording_waveforms').pluck().all()).toEqual(['stored']);
  const orphan = () => database.sqlite.prepare("INSERT INTO recording_waveforms (recording) VALUES ('nobody')").run();
  expect(orphan).toThrow(/FOREIGN KEY/);
  await database.close();
});
