import { randomBytes } from 'node:crypto';
import { eventSequence, eventSource } from '@manyi/config/envelope';
import type { EventData } from '@manyi/config/events';
import { toRfc3339 } from '@manyi/config/zone';
import { type Database, openDatabase } from '@manyi/hub/database/database';
import { type Deltas, deltas } from '@manyi/hub/tallies/deltas';
import { fold } from '@manyi/hub/tallies/service';
import { contribution, countNames, type ServiceState } from '@manyi/hub/tallies/tally';

/** A company of 20 halls: 2,000 clerks who take turns at 400 counters. */
const halls = 20;
const clerksOfHall = 100;
const countersOfHall = 20;
const zone = 'Asia/Shanghai';
const twoYearsMs = 730 * 24 * 60 * 60 * 1000;

const shares = [
  { level: 'very-satisfied', upTo: 0.62 },
  { level: 'satisfied', upTo: 0.9 },
  { level: 'average', upTo: 0.96 },
  { level: 'dissatisfied', upTo: 1 },
] as const;

/** One rating of the history. */
export interface PastRating {
  readonly id: string;
  readonly site: string;
  readonly terminal: string;
  readonly outboxKey: number;
  readonly seq: number;
  readonly time: number;
  readonly data: EventData<'manyi.rating.given.v1'> & { readonly clerk: string; readonly counter: string };
}

/** What its terminal would have published. */
export function eventOf({ id, site, terminal, seq, time, data }: PastRating): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: eventSource(site, terminal),
    type: 'manyi.rating.given.v1',
    time: toRfc3339(time, zone),
    datacontenttype: 'application/json',
    sequence: eventSequence(seq),
    data,
  });
}

export const siteName = (hall: number) => `hall-${hall}`;
export const clerkName = (hall: number, clerk: number) => `C${hall}-${clerk}`;
const terminalName = (hall: number, counter: number) => `terminal-${hall}-${counter}`;
const counterName = (counter: number) => `counter-${counter}`;

/** The ratings in the order of time, the same for the same numbers: a small generator decides (xorshift, Marsaglia 2003). */
export function* pastRatings(count: number, end: number): Generator<PastRating> {
  const random = generator(count);
  const start = end - twoYearsMs;
  const seqs = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const hall = Math.floor(random() * halls);
    const clerk = Math.floor(random() * clerksOfHall);
    const time = Math.floor(start + (index * twoYearsMs) / count);
    const turn = Math.floor(time / (7 * 24 * 60 * 60 * 1000)) + Math.floor(random() * 2);
    const counter = (clerk + turn) % countersOfHall;
    const outboxKey = hall * countersOfHall + counter + 1;
    const seq = (seqs.get(outboxKey) ?? 0) + 1;
    seqs.set(outboxKey, seq);
    yield rating({
      hall,
      clerk,
      counter,
      outboxKey,
      seq,
      time,
      index,
      share: random(),
      after: Math.floor(random() * 9000),
    });
  }
}

interface Draw {
  readonly hall: number;
  readonly clerk: number;
  readonly counter: number;
  readonly outboxKey: number;
  readonly seq: number;
  readonly time: number;
  readonly index: number;
  readonly share: number;
  readonly after: number;
}

function rating({ hall, clerk, counter, outboxKey, seq, time, index, share, after }: Draw): PastRating {
  const site = siteName(hall);
  const terminal = terminalName(hall, counter);
  const level = shares.find(({ upTo }) => share < upTo)?.level ?? 'satisfied';
  const data = {
    outbox: outboxOf(outboxKey),
    seq,
    clock: { boot: outboxOf(0), uptimeMs: time % 1e9, synced: true },
    service: uuidAt(time, index, 1),
    duty: uuidAt(time - (time % 14_400_000), outboxKey, 2),
    clerk: clerkName(hall, clerk),
    counter: counterName(counter),
    profile: 'four-key' as const,
    ticket: null,
    business: null,
    startedAt: toRfc3339(time - 120_000 - after, zone),
    level,
    invitedBy: 'clerk' as const,
    pressedAfterMs: after,
    unprompted: false,
  };
  const id = uuidAt(time, index, 3);
  return { site, terminal, seq, time, id, outboxKey, data };
}

const salt = randomBytes(4).toString('hex');

/** A UUID of version 7 that nothing else of this history has: milliseconds, then a number. */
function uuidAt(time: number, number: number, kind: number): string {
  const at = time.toString(16).padStart(12, '0');
  const rest = number.toString(16).padStart(8, '0');
  return `${at.slice(0, 8)}-${at.slice(8)}-7${kind}00-8000-${salt.slice(0, 4)}${rest}`;
}

function outboxOf(key: number): string {
  return `00000000-0000-4000-8000-${key.toString(16).padStart(12, '0')}`;
}

function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Makes the halls with their counters, clerks and terminals. */
export function makeHalls({ sqlite }: Database): void {
  const site = sqlite.prepare(
    `INSERT INTO sites (id, name, time_zone, mode, profile) VALUES (?, ?, ?, 'called', 'four-key')`,
  );
  const clerk = sqlite.prepare('INSERT INTO clerks (id, site, name, number) VALUES (?, ?, ?, ?)');
  const counter = sqlite.prepare('INSERT INTO counters (site, id, name) VALUES (?, ?, ?)');
  const terminal = sqlite.prepare('INSERT INTO terminals (id, site, counter) VALUES (?, ?, ?)');
  sqlite.transaction(() => {
    for (let hall = 0; hall < halls; hall++) {
      site.run(siteName(hall), `营业厅 ${hall}`, zone);
      for (let one = 0; one < clerksOfHall; one++)
        clerk.run(clerkName(hall, one), siteName(hall), `员工 ${hall}-${one}`, `${hall}${one}`);
      for (let one = 0; one < countersOfHall; one++) {
        counter.run(siteName(hall), counterName(one), `${one + 1} 号窗口`);
        terminal.run(terminalName(hall, one), siteName(hall), counterName(one));
      }
    }
  })();
}

const batch = 50_000;

/**
 * Writes two years of ratings that end at an instant straight into a hub's tables, as the ingest would have: events go through the
 * same rules, only the numbers of the outboxes are counted here. Indexes are laid afterwards, which is several times faster.
 */
export async function writeHistory(folder: string, count: number, end: number): Promise<void> {
  const database = openDatabase(folder);
  const { sqlite } = database;
  sqlite.pragma('synchronous = OFF');
  sqlite.pragma('foreign_keys = OFF');
  makeHalls(database);
  const layIndexes = dropIndexes(database);
  const writer = rowWriter(database, end);
  const writeBatch = sqlite.transaction((ratings: readonly PastRating[]) => {
    for (const one of ratings) writer.write(one);
    writer.tally();
  });
  for (const ratings of inBatches(pastRatings(count, end))) writeBatch(ratings);
  sqlite.transaction(() => writer.finish())();
  layIndexes();
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  await database.close();
}

function* inBatches(ratings: Iterable<PastRating>): Generator<PastRating[]> {
  let some: PastRating[] = [];
  for (const one of ratings) {
    some.push(one);
    if (some.length === batch) {
      yield some;
      some = [];
    }
  }
  yield some;
}

const indexedTables = ['ledger', 'services', 'ratings'];

function dropIndexes({ sqlite }: Database): () => void {
  const indexes = sqlite
    .prepare<[], { name: string; tbl_name: string; sql: string }>(
      `SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`,
    )
    .all()
    .filter((index) => indexedTables.includes(index.tbl_name));
  for (const { name } of indexes) sqlite.exec(`DROP INDEX ${name}`);
  return () => {
    for (const { sql } of indexes) sqlite.exec(sql);
  };
}

function rowWriter({ sqlite }: Database, arrived: number) {
  const entry = sqlite.prepare(
    `INSERT INTO ledger (position, id, type, time, arrived, site, terminal, counter, clerk, service, outbox_key, seq, called, data)
     VALUES (?, ?, 'manyi.rating.given.v1', ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
  );
  const service = serviceInsert(sqlite);
  const rate = sqlite.prepare(
    'INSERT INTO ratings (position, service, time, site, counter, clerk, level, unprompted) VALUES (?, ?, ?, ?, ?, ?, ?, 0)',
  );
  const sums = deltas();
  const tally = tallyWriter(sqlite);
  const outboxes = new Map<number, { terminal: string; seq: number }>();
  let position = 0;
  return {
    write({ id, time, site, terminal, outboxKey, seq, data }: PastRating) {
      position += 1;
      const { service: of, clerk, counter } = data;
      entry.run(
        position,
        id,
        time,
        Math.min(time + 40, arrived),
        site,
        terminal,
        counter,
        clerk,
        of,
        outboxKey,
        seq,
        JSON.stringify(data),
      );
      const place = { position, time, site, terminal, counter, clerk, called: true };
      const state = fold(undefined, { type: 'manyi.rating.given.v1', data }, place);
      service(state);
      rate.run(position, of, time, site, counter, clerk, state.level);
      sums.add(contribution(state), zone);
      outboxes.set(outboxKey, { terminal, seq });
    },
    tally: () => tally(sums),
    finish() {
      const outbox = sqlite.prepare(
        'INSERT INTO outboxes (key, terminal, outbox, through, highest) VALUES (?, ?, ?, ?, ?)',
      );
      for (const [key, { terminal, seq }] of outboxes) outbox.run(key, terminal, outboxOf(key), seq, seq);
    },
  };
}

function serviceInsert(sqlite: Database['sqlite']): (state: ServiceState) => void {
  const insert = sqlite.prepare(
    `INSERT INTO services (service, site, terminal, counter, clerk, duty, profile, called, started, ended, outcome, invited_by, level,
       counted_at, rating_position)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (s) => {
    insert.run(
      s.service,
      s.site,
      s.terminal,
      s.counter,
      s.clerk,
      s.duty,
      s.profile,
      s.started,
      s.ended,
      s.outcome,
      s.invitedBy,
      s.level,
      s.countedAt,
      s.ratingPosition,
    );
  };
}

/** Adds the sums to the tallies, those of one day or month together. */
function tallyWriter(sqlite: Database['sqlite']): (sums: Deltas) => void {
  const key = ['span', 'site', 'bucket', 'clerk', 'counter', 'profile'];
  const add = sqlite.prepare(
    `INSERT INTO tallies (${[...key, ...countNames].join(', ')}) VALUES (${[...key, ...countNames].map(() => '?').join(', ')})
     ON CONFLICT DO UPDATE SET ${countNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  );
  return (sums) => {
    const together = new Map<string, { place: (string | number)[]; counts: number[] }>();
    sums.drain(({ site, clerk, counter, profile }, buckets, counts) => {
      add.run('hour', site, buckets.hour, clerk, counter, profile, ...counts);
      for (const span of ['day', 'month'] as const) {
        const name = `${span} ${buckets[span]} ${site} ${clerk} ${counter}`;
        const sum = together.get(name);
        if (sum === undefined) {
          together.set(name, { place: [span, site, buckets[span], clerk, counter, profile], counts: [...counts] });
          continue;
        }
        counts.forEach((count, index) => {
          sum.counts[index] = (sum.counts[index] ?? 0) + count;
        });
      }
    });
    for (const { place, counts } of together.values()) add.run(...place, ...counts);
  };
}
