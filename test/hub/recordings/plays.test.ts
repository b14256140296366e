import { openAudit } from '@manyi/hub/audit/audit';
import { openDatabase } from '@manyi/hub/database/database';
import { createPlays } from '@manyi/hub/recordings/play/plays';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';

test('a play that a dead hub left open has ended in the log, for how long nobody knows', async () => {
  const database = openDatabase(temporaryFolder());
  const audit = openAudit(database, { now: () => 1000 });
  const recording = '0199aaaa-0000-7000-8000-000000000001';
  const play = audit.record({ who: 'lee', what: 'recording.play', recording, why: 'a complaint' });
  const failed = (error: unknown) => {
    throw error;
  };
  createPlays(audit, () => 2000, failed).close();
  createPlays(audit, () => 3000, failed).close();
  expect(audit.unended('recording.play')).toEqual([]);
  expect(
    database.sqlite
      .prepare("SELECT who, recording, about, lasted_ms, detail FROM audit WHERE what = 'recording.played'")
      .all(),
  ).toEqual([{ who: 'lee', recording, about: play, lasted_ms: null, detail: 'hub-failed' }]);
  await database.close();
});
