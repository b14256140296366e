import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { terminalTopic } from '@manyi/config/topics';
import { systemClock } from '@manyi/hub/clock';
import { type Database, openDatabase } from '@manyi/hub/database/database';
import { startIngest } from '@manyi/hub/ingest/ingest';
import { openLedger } from '@manyi/hub/ledger/ledger';
import { rebuild } from '@manyi/hub/tallies/rebuild';
import { openTallies } from '@manyi/hub/tallies/store';
import { pino } from 'pino';
import { makeHalls, writeHistory } from './history.ts';
import { envelopeOf, pastEvents, zone } from './past.ts';

/** What must be the same whichever way the ratings came. Positions differ: the ingest takes terminals in turn. */
const comparisons = [
  `SELECT id, type, time, site, terminal, counter, clerk, service, seq, called, data FROM ledger ORDER BY id`,
  `SELECT service, site, terminal, counter, clerk, duty, profile, called, started, ended, outcome, invited_by, level,
     pressed_uninvited, unprompted, set_aside, reason, counted_at FROM services ORDER BY service`,
  'SELECT service, time, site, counter, clerk, level, unprompted, set_aside FROM ratings ORDER BY service',
  'SELECT * FROM tallies ORDER BY span, site, bucket, clerk, counter, profile',
  'SELECT terminal, outbox, through, highest, next FROM outboxes ORDER BY terminal',
];

/** What is folded from the ledger: a rebuild must come to the same. */
const folded = ['services', 'ratings', 'tallies', 'duties'];

/** Throws unless the short cut into the tables leaves just what the real ingest leaves of the same events, and a rebuild makes of them. */
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
  const before = contents(short);
  rebuild(short, openLedger(short, systemClock, stop), openTallies(short), () => zone);
  if (!isDeepStrictEqual(contents(short), before)) throw new Error('the history is not what a rebuild makes of it');
  await Promise.all([short.close(), real.close()]);
  rmSync(folder, { recursive: true });
}

function contents({ sqlite }: Database): unknown[] {
  return folded.map((table) => sqlite.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5, 6`).all());
}

function stop(error: unknown): never {
  throw error;
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
  for (const event of pastEvents(count, end)) {
    const { site, terminal } = event;
    const payload = Buffer.from(envelopeOf(event));
    const topic = terminalTopic(site, terminal, 'events');
    await ingest.take({ site, terminal, channel: 'events', topic, payload, arrived: end });
  }
  await ingest.close();
}
