import type { SetAsideWhy } from '@manyi/config/api';
import type { InvitedBy, Outcome } from '@manyi/config/events';
import type Sqlite from 'better-sqlite3';
import type { Database } from '../database/database.ts';
import type { ServicesTable } from '../database/schema.ts';
import { deltas } from './deltas.ts';
import { type DutyEvent, dutyChange, isDutyEvent } from './duty.ts';
import { fold, isServiceEvent, type Place, profileFrom } from './service.ts';
import { contribution, countNames, type ServiceState } from './tally.ts';
import { spans } from './windows.ts';

/** An event of a terminal as the ledger holds it. */
export interface TalliedEvent {
  readonly type: string;
  readonly data: unknown;
}

/**
 * Folds events into services, ratings, duties and tallies. Everything happens inside the caller's transaction: `take` the events of
 * a batch in their order, then `flush` once; after a rollback `discard`.
 */
export interface Tallies {
  take(event: TalliedEvent, place: Place, zone: string): void;
  /** The terminal whose service or duty it is, by what was taken so far; undefined of one that nothing is known of. */
  terminalOfService(service: string): string | undefined;
  terminalOfDuty(duty: string): string | undefined;
  flush(): void;
  discard(): void;
  /** Empties what is folded, for a rebuild from the ledger. */
  clear(): void;
}

interface Touched {
  readonly before: ServiceState | undefined;
  readonly zone: string;
  state: ServiceState;
}

/** Prepares the statements on a database. */
export function openTallies(database: Database): Tallies {
  const { sqlite } = database;
  const read = serviceReader(sqlite);
  const write = serviceWriter(sqlite);
  const rate = ratingWriter(sqlite);
  const add = tallyWriter(sqlite);
  const writeDuty = dutyWriter(sqlite);
  const terminalOfDuty = sqlite.prepare<[string], string>('SELECT terminal FROM duties WHERE duty = ?').pluck();
  const touched = new Map<string, Touched>();
  /** Services as they stand in the table, read once a batch. */
  const stored = new Map<string, ServiceState | undefined>();
  const sums = deltas();

  const find = (service: string): ServiceState | undefined => {
    const known = stored.get(service);
    if (known !== undefined || stored.has(service)) return known;
    const found = read(service);
    stored.set(service, found);
    return found;
  };

  return {
    terminalOfService: (service) => (touched.get(service)?.state ?? find(service))?.terminal,
    terminalOfDuty: (duty) => terminalOfDuty.get(duty),
    take(event, place, zone) {
      if (isServiceEvent(event)) {
        const service = event.data.service;
        let known = touched.get(service);
        if (known === undefined) {
          const before = find(service);
          known = { before, zone, state: fold(before, event, place) };
          touched.set(service, known);
        } else {
          known.state = fold(known.state, event, place);
        }
      } else if (isDutyEvent(event)) {
        writeDuty(event, place);
      }
    },
    flush() {
      for (const { before, state, zone } of touched.values()) {
        write(state, before !== undefined);
        if (state.ratingPosition !== null) rate(before, state, state.ratingPosition);
        if (before !== undefined) sums.subtract(contribution(before), zone);
        sums.add(contribution(state), zone);
      }
      touched.clear();
      stored.clear();
      sums.drain(add);
    },
    discard() {
      touched.clear();
      stored.clear();
      sums.drain(() => {});
    },
    clear() {
      for (const table of ['services', 'ratings', 'tallies', 'duties']) sqlite.exec(`DELETE FROM ${table}`);
    },
  };
}

function serviceReader(sqlite: Sqlite.Database): (service: string) => ServiceState | undefined {
  const find = sqlite.prepare<[string], ServicesTable>('SELECT * FROM services WHERE service = ?');
  return (service) => {
    const row = find.get(service);
    return row && stateFrom(row);
  };
}

/** The state that a row of `services` holds. */
export function stateFrom(row: ServicesTable): ServiceState {
  return {
    service: row.service,
    site: row.site,
    terminal: row.terminal,
    counter: row.counter,
    clerk: row.clerk,
    duty: row.duty,
    profile: profileFrom(row.profile),
    called: row.called === 1,
    started: row.started,
    ended: row.ended,
    outcome: row.outcome as Outcome | null,
    invitedBy: row.invited_by as InvitedBy | null,
    level: row.level,
    pressedUninvited: Number(row.pressed_uninvited) === 1,
    unprompted: Number(row.unprompted) === 1,
    setAside: row.set_aside as SetAsideWhy | null,
    reason: row.reason,
    countedAt: row.counted_at,
    ratingPosition: row.rating_position,
  };
}

function serviceWriter(sqlite: Sqlite.Database): (state: ServiceState, exists: boolean) => void {
  const insert = sqlite.prepare(
    `INSERT INTO services (site, terminal, counter, clerk, duty, profile, called, started, ended, outcome, invited_by, level,
       pressed_uninvited, unprompted, set_aside, reason, counted_at, rating_position, service)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = sqlite.prepare(
    `UPDATE services SET site = ?, terminal = ?, counter = ?, clerk = ?, duty = ?, profile = ?, called = ?, started = ?, ended = ?,
       outcome = ?, invited_by = ?, level = ?, pressed_uninvited = ?, unprompted = ?, set_aside = ?, reason = ?, counted_at = ?,
       rating_position = ?
     WHERE service = ?`,
  );
  return (s, exists) => {
    (exists ? update : insert).run(
      s.site,
      s.terminal,
      s.counter,
      s.clerk,
      s.duty,
      s.profile,
      s.called ? 1 : 0,
      s.started,
      s.ended,
      s.outcome,
      s.invitedBy,
      s.level,
      s.pressedUninvited ? 1 : 0,
      s.unprompted ? 1 : 0,
      s.setAside,
      s.reason,
      s.countedAt,
      s.ratingPosition,
      s.service,
    );
  };
}

/** Writes a rating when it is new, and whether it is set aside whenever that changes. */
function ratingWriter(
  sqlite: Sqlite.Database,
): (before: ServiceState | undefined, state: ServiceState, position: number) => void {
  const insert = sqlite.prepare(
    'INSERT INTO ratings (position, service, time, site, counter, clerk, level, unprompted) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const mark = sqlite.prepare('UPDATE ratings SET set_aside = ? WHERE position = ?');
  return (before, s, position) => {
    const isNew = before === undefined || before.ratingPosition === null;
    if (isNew) insert.run(position, s.service, s.countedAt, s.site, s.counter, s.clerk, s.level, s.unprompted ? 1 : 0);
    if (s.setAside !== (before?.setAside ?? null)) mark.run(s.setAside === null ? 0 : 1, position);
  };
}

/** Adds to one row of each span. A row whose services have all moved elsewhere goes. */
function tallyWriter(sqlite: Sqlite.Database): Parameters<ReturnType<typeof deltas>['drain']>[0] {
  const insert = sqlite.prepare(
    `INSERT INTO tallies (${[...tallyKey, ...countNames].join(', ')})
     VALUES (${[...tallyKey, ...countNames].map(() => '?').join(', ')})`,
  );
  const removeEmpty = sqlite.prepare(`DELETE FROM tallies WHERE ${ofTallyKey} AND services = 0 AND unprompted = 0`);
  const adding = tallyAdder(sqlite);
  return ({ site, clerk, counter, profile }, buckets, counts) => {
    const add = adding(counts);
    const added = counts.filter((count) => count !== 0);
    const takesAway = added.some((count) => count < 0);
    for (const span of spans) {
      const bucket = buckets[span];
      const { changes } = add.run(...added, span, site, bucket, clerk, counter, profile);
      if (changes === 0) insert.run(span, site, bucket, clerk, counter, profile, ...counts);
      if (takesAway) removeEmpty.run(span, site, bucket, clerk, counter, profile);
    }
  };
}

const tallyKey = ['span', 'site', 'bucket', 'clerk', 'counter', 'profile'];
const ofTallyKey = tallyKey.map((name) => `${name} = ?`).join(' AND ');

/** How many combinations of columns are kept prepared: one service touches one of some dozens. */
const mostAdders = 500;

/**
 * Gives the statement that adds to just those columns whose count is not zero. Most of what comes adds to a few columns of a row that
 * is there, and an upsert of all of them is the dearest statement of the ingest.
 */
function tallyAdder(sqlite: Sqlite.Database): (counts: readonly number[]) => Sqlite.Statement {
  const known = new Map<number, Sqlite.Statement>();
  return (counts) => {
    const mask = counts.reduce((bits, count, index) => (count === 0 ? bits : bits | (1 << index)), 0);
    let statement = known.get(mask);
    if (statement === undefined) {
      const columns = countNames.filter((_, index) => counts[index] !== 0);
      const set = columns.map((name) => `${name} = ${name} + ?`).join(', ');
      statement = sqlite.prepare(`UPDATE tallies SET ${set} WHERE ${ofTallyKey}`);
      if (known.size >= mostAdders) known.clear();
      known.set(mask, statement);
    }
    return statement;
  };
}

/** Times only ever widen a duty, and the latest pause or return stands, so the order of the events does not matter. */
function dutyWriter(sqlite: Sqlite.Database): (event: DutyEvent, place: Place) => void {
  const upsert = sqlite.prepare(
    `INSERT INTO duties (duty, terminal, site, counter, clerk, started, paused, pause_changed, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET
       started = min(started, excluded.started),
       paused = CASE WHEN excluded.pause_changed > coalesce(pause_changed, -1e15) THEN excluded.paused ELSE paused END,
       pause_changed = CASE WHEN excluded.pause_changed > coalesce(pause_changed, -1e15) THEN excluded.pause_changed ELSE pause_changed END,
       ended = max(coalesce(ended, excluded.ended), coalesce(excluded.ended, ended))`,
  );
  return (event, { terminal, site, counter, clerk, time }) => {
    const { started, pausedSince, pauseChanged, ended } = dutyChange(event, time);
    upsert.run(event.data.duty, terminal, site, counter, clerk, started, pausedSince, pauseChanged, ended);
  };
}
