import { type Database, openDatabase } from '@manyi/hub/database/database';
import { type Deltas, deltas } from '@manyi/hub/tallies/deltas';
import { fold } from '@manyi/hub/tallies/service';
import { contribution, countNames, type ServiceState } from '@manyi/hub/tallies/tally';
import {
  clerkName,
  clerksOfHall,
  counterName,
  countersOfHall,
  halls,
  outboxOf,
  type PastEvent,
  pastEvents,
  siteName,
  terminalName,
  zone,
} from './past.ts';

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
 * Writes two years of services that end at an instant straight into a hub's tables, as the ingest would have: events go through the
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
  const writeBatch = sqlite.transaction((events: readonly PastEvent[]) => {
    for (const one of events) writer.write(one);
    writer.tally();
  });
  for (const events of inBatches(pastEvents(count, end))) writeBatch(events);
  sqlite.transaction(() => writer.finish())();
  layIndexes();
  // What follows the ledger has followed it all along: at a hub of that age it does not begin with the first entry.
  for (const mark of ['terminal-keys-read', 'cases-read'])
    sqlite.prepare('INSERT INTO hub_values (name, value) SELECT ?, max(position) FROM ledger').run(mark);
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  await database.close();
}

function* inBatches(events: Iterable<PastEvent>): Generator<PastEvent[]> {
  let some: PastEvent[] = [];
  for (const one of events) {
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
  const entry = entryInsert(sqlite, arrived);
  const service = serviceInsert(sqlite);
  const rate = sqlite.prepare(
    'INSERT INTO ratings (position, service, time, site, counter, clerk, level, unprompted) VALUES (?, ?, ?, ?, ?, ?, ?, 0)',
  );
  const sums = deltas();
  const tally = tallyWriter(sqlite);
  const open = new Map<string, ServiceState>();
  const outboxes = new Map<number, { terminal: string; seq: number }>();
  let position = 0;
  return {
    write(event: PastEvent) {
      position += 1;
      entry(position, event);
      const { time, site, terminal, counter, clerk, outboxKey, seq } = event;
      const of = event.data.service;
      const state = fold(open.get(of), event, { position, time, site, terminal, counter, clerk, called: true });
      if (event.type === 'manyi.rating.given.v1') rate.run(position, of, time, site, counter, clerk, state.level);
      open.set(of, state);
      if (event.last) {
        open.delete(of);
        service(state);
        sums.add(contribution(state), zone);
      }
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

function entryInsert(sqlite: Database['sqlite'], arrived: number): (position: number, event: PastEvent) => void {
  const insert = sqlite.prepare(
    `INSERT INTO ledger (position, id, type, time, arrived, site, terminal, counter, clerk, service, outbox_key, seq, called, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
  );
  return (position, { id, type, time, site, terminal, counter, clerk, outboxKey, seq, data }) => {
    const at = Math.min(time + 40, arrived);
    const text = JSON.stringify(data);
    insert.run(position, id, type, time, at, site, terminal, counter, clerk, data.service, outboxKey, seq, text);
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
