import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { terminalTopic } from '@manyi/config/topics';
import { systemClock } from '@manyi/hub/clock';
import { type Database, openDatabase } from '@manyi/hub/database/database';
import { startIngest } from '@manyi/hub/ingest/ingest';
import { openLedger } from '@manyi/hub/ledger/ledger';
import { pino } from 'pino';
import { eventOf, makeHalls, pastRatings, writeHistory } from './history.ts';

/** What must be the same whichever way the ratings came. Positions differ: the ingest takes terminals in turn. */
const comparisons = [
  `SELECT id, type, time, site, terminal, counter, clerk, service, seq, called, data FROM ledger ORDER BY id`,
  `SELECT service, site, terminal, counter, clerk, duty, profile, called, started, ended, outcome, invited_by, level,
     pressed_uninvited, unprompted, set_aside, reason, counted_at FROM services ORDER BY service`,
  'SELECT service, time, site, counter, clerk, level, unprompted, set_aside FROM ratings ORDER BY service',
  'SELECT * FROM tallies ORDER BY span, site, bucket, clerk, counter, profile',
  'SELECT terminal, outbox, through, highest, next FROM outboxes ORDER BY terminal',
];

/** Throws unless the short cut into the tables leaves just what the real ingest leaves of the same ratings. */
export async function spotCheck(count: number, end: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  await writeHistory(join(folder, 'short'), count, end);
  const short = openDatabase(join(folder, 'short'));
  const real = openDatabase(join(folder, 'real'));
  await ingestAll(real, count, end);
  for (const sql of comparisons) {
    const [one, other] = [short, real].map(({ sqlite }) => sqlite.prepare(sql).all());
    if (!isDeepStrictEqual(one, other)) throw new Error(`the history is not what the ingest writes: ${sql}`);
  }
  await Promise.all([short.close(), real.close()]);
  rmSync(folder, { recursive: true });
}

async function ingestAll(database: Database, count: number, end: number): Promise<void> {
  const log = pino({ level: 'error' });
  const ledger = openLedger(database, systemClock, (error) => log.error(error));
  makeHalls(database);
  const ingest = startIngest({
    database,
    ledger,
    clock: systemClock,
    log,
    sendReceipt: () => {},
    onStatus: () => {},
    onStorage: () => {},
  });
  for (const rating of pastRatings(count, end)) {
    const { site, terminal } = rating;
    const payload = Buffer.from(eventOf(rating));
    const topic = terminalTopic(site, terminal, 'events');
    await ingest.take({ site, terminal, channel: 'events', topic, payload, arrived: end });
  }
  await ingest.close();
}
