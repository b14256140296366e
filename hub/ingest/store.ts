import type { Database } from '../database/database.ts';
import { type Numbers, numbers, type Range } from './numbers.ts';

/** An outbox of a terminal, with what is settled of its numbers. */
export interface Outbox {
  readonly key: number;
  readonly terminal: string;
  readonly outbox: string;
  readonly numbers: Numbers;
  /** Whether the terminal has written under another outbox too, so that an event may come a second time under a new number. */
  hasSiblings: boolean;
  /** What the terminal last said its next number will be. */
  next: number;
}

/** How a number is settled that has no ledger entry of its own. */
export type Settled = 'quarantined' | 'missing' | 'repeated';

/**
 * What becomes of a terminal's numbers. `beyond` has none: it came without one, or under one that was taken, and the quarantine had no
 * room for it.
 */
export type Delivered = 'received' | 'quarantined' | 'missing' | 'beyond';

/** The rules that hold at a site. */
export interface SiteRules {
  readonly zone: string;
  readonly called: boolean;
}

/** The SQL of ingest beside ledger, tallies and quarantine. Prepared once; everything runs inside the caller's transaction. */
export type IngestStore = ReturnType<typeof openIngestStore>;

interface OutboxRow {
  readonly key: number;
  readonly through: number;
  readonly next: number;
}

export function openIngestStore({ sqlite }: Database) {
  const findOutbox = sqlite.prepare<[string, string], OutboxRow>(
    'SELECT key, through, next FROM outboxes WHERE terminal = ? AND outbox = ?',
  );
  const countOutboxes = sqlite.prepare<[string], number>('SELECT count(*) FROM outboxes WHERE terminal = ?').pluck();
  const insertOutbox = sqlite.prepare<[string, string]>('INSERT INTO outboxes (terminal, outbox) VALUES (?, ?)');
  const updateOutbox = sqlite.prepare<[number, number, number, number]>(
    'UPDATE outboxes SET through = ?, highest = ?, next = ? WHERE key = ?',
  );
  // Neighbouring numbers come as one range: the difference to their rank is the same.
  const storedBeyond = sqlite.prepare<[number, number], Range>(
    `SELECT min(seq) AS first, max(seq) AS last FROM
       (SELECT seq, seq - row_number() OVER (ORDER BY seq) AS run FROM ledger WHERE outbox_key = ? AND seq > ?)
     GROUP BY run ORDER BY first`,
  );
  const settledBeyond = sqlite.prepare<[number, number], Range>(
    'SELECT first, last FROM settled_numbers WHERE outbox_key = ? AND last > ? ORDER BY first',
  );
  const entryAt = sqlite
    .prepare<[number, number], string>('SELECT id FROM ledger WHERE outbox_key = ? AND seq = ?')
    .pluck();
  // An index over the ids of all entries would cost as much as all else: those of a service are found by their service.
  const elsewhereInService = sqlite
    .prepare<[string, string, number], number>(
      'SELECT 1 FROM ledger WHERE service = ? AND id = ? AND outbox_key IS NOT NULL AND outbox_key <> ?',
    )
    .pluck();
  const elsewhere = sqlite
    .prepare<[string, string, number], number>(
      'SELECT 1 FROM ledger WHERE id = ? AND service IS NULL AND outbox_key IS NOT NULL AND terminal = ? AND outbox_key <> ?',
    )
    .pluck();
  const settledAt = sqlite.prepare<[number, number], Range & { how: Settled; at: number }>(
    `SELECT first, last, how, at FROM settled_numbers WHERE outbox_key = ? AND first <= ? ORDER BY first DESC LIMIT 1`,
  );
  const insertSettled = sqlite.prepare<[number, number, number, Settled, number]>(
    'INSERT INTO settled_numbers (outbox_key, first, last, how, at) VALUES (?, ?, ?, ?, ?)',
  );
  const deleteSettled = sqlite.prepare<[number, number]>(
    'DELETE FROM settled_numbers WHERE outbox_key = ? AND first = ?',
  );
  const site = sqlite.prepare<[string], { zone: string; mode: string }>(
    'SELECT time_zone AS zone, mode FROM sites WHERE id = ?',
  );
  const counterThen = sqlite
    .prepare<[string, number], string>(
      'SELECT counter FROM assignments WHERE terminal = ? AND since <= ? ORDER BY since DESC LIMIT 1',
    )
    .pluck();
  const counterFirst = sqlite
    .prepare<[string], string>('SELECT counter FROM assignments WHERE terminal = ? ORDER BY since LIMIT 1')
    .pluck();
  const deliver = sqlite.prepare<[string, number, number, number, number, number]>(
    `INSERT INTO deliveries (terminal, day, received, quarantined, missing, beyond) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET received = received + excluded.received, quarantined = quarantined + excluded.quarantined,
       missing = missing + excluded.missing, beyond = beyond + excluded.beyond`,
  );
  const refuse = sqlite.prepare<[string, string, number, number]>(
    `INSERT INTO refusals (terminal, why, count, latest) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count, latest = excluded.latest`,
  );
  const setProbe = sqlite.prepare("INSERT OR REPLACE INTO hub_values (name, value) VALUES ('storage-probe', ?)");
  const removeProbe = sqlite.prepare("DELETE FROM hub_values WHERE name = 'storage-probe'");

  return {
    /** The outbox with all that is settled of it; made when it is heard of for the first time. */
    outbox(terminal: string, outbox: string): Outbox {
      const row = findOutbox.get(terminal, outbox) ?? {
        key: Number(insertOutbox.run(terminal, outbox).lastInsertRowid),
        through: 0,
        next: 1,
      };
      const beyond = [...storedBeyond.all(row.key, row.through), ...settledBeyond.all(row.key, row.through)];
      const hasSiblings = (countOutboxes.get(terminal) ?? 1) > 1;
      return { key: row.key, terminal, outbox, numbers: numbers(row.through, beyond), hasSiblings, next: row.next };
    },
    saveOutbox({ key, numbers: { through, highest }, next }: Outbox): void {
      updateOutbox.run(through, highest, next, key);
    },
    /** The id of the event in the ledger under this number. */
    eventAt: (key: number, seq: number): string | undefined => entryAt.get(key, seq),
    /**
     * Whether the event lies in the ledger under a number of another outbox. Ids are a terminal's own, and only together with a
     * service the same everywhere.
     */
    isElsewhere: (id: string, service: string | null, terminal: string, key: number): boolean =>
      service === null ? elsewhere.get(id, terminal, key) === 1 : elsewhereInService.get(service, id, key) === 1,
    /** How the number is settled without an entry, and when that was found. */
    settledAt(key: number, seq: number): { how: Settled; at: number } | undefined {
      const row = settledAt.get(key, seq);
      return row !== undefined && row.last >= seq ? row : undefined;
    },
    settle(key: number, { first, last }: Range, how: Settled, at: number): void {
      insertSettled.run(key, first, last, how, at);
    },
    /** Takes one number out of its range, because its event has come after all. */
    unsettle(key: number, seq: number): void {
      const row = settledAt.get(key, seq);
      if (row === undefined || row.last < seq) return;
      deleteSettled.run(key, row.first);
      if (row.first < seq) insertSettled.run(key, row.first, seq - 1, row.how, row.at);
      if (row.last > seq) insertSettled.run(key, seq + 1, row.last, row.how, row.at);
    },
    site(id: string): SiteRules | undefined {
      const row = site.get(id);
      return row && { zone: row.zone, called: row.mode === 'called' };
    },
    /** Where the terminal stood at the time; where it stood first, for what is older than that. '' for none. */
    counterAt: (terminal: string, time: number): string =>
      counterThen.get(terminal, time) ?? counterFirst.get(terminal) ?? '',
    deliver(
      terminal: string,
      day: number,
      { received = 0, quarantined = 0, missing = 0, beyond = 0 }: Partial<Record<Delivered, number>>,
    ): void {
      deliver.run(terminal, day, received, quarantined, missing, beyond);
    },
    refuse(terminal: string, why: string, count: number, latest: number): void {
      refuse.run(terminal, why, count, latest);
    },
    /** Writes something of the size of a batch and takes it away again. Throws while the disk does not take it. */
    probe(): void {
      sqlite.transaction(() => setProbe.run('-'.repeat(256 * 1024)))();
      removeProbe.run();
    },
  };
}
