import type { QuarantineReason } from '@manyi/config/api';
import { maxQuarantineBytes } from '@manyi/config/limits';
import type { Database } from '../database/database.ts';
import type { QuarantineTable } from '../database/schema.ts';
import type { Message } from './message.ts';
import type { Numbered, Problem } from './reading.ts';

/** A message that was put aside, to be tried again. */
export interface Quarantined {
  readonly id: number;
  readonly reason: QuarantineReason;
  readonly message: Message;
}

/** What could not be taken into the ledger: kept with its bytes while the terminal's share lasts, counted always. */
export interface Quarantine {
  /** Whether the very same event is kept under its number; one whose id could not be read is known by its bytes. */
  holds(terminal: string, number: Numbered, payload: Buffer): boolean;
  /** Answers whether there was room for the bytes; without it the message is only counted. */
  keep(message: Message, problem: Problem): boolean;
  /** The id of the event that took the number by being put aside, null where it could not be read; undefined where none is kept. */
  takerOf(terminal: string, outbox: string, seq: number): string | null | undefined;
  /** The next kept messages after an id, oldest first. */
  page(after: number, limit: number): Quarantined[];
  /** Takes out the event that is now in the ledger. Another that had its number keeps its place, as one whose number was used twice. */
  release(terminal: string, number: Numbered): void;
  remove(id: number): void;
  /** Forgets what it remembers of the database, after a rollback. */
  forget(): void;
}

/** What a row costs besides its payload, so that a flood of tiny messages fills the share too. */
const rowBytes = 512;

export function openQuarantine({ sqlite }: Database): Quarantine {
  const insert = sqlite.prepare(
    `INSERT INTO quarantine (terminal, site, topic, reason, detail, arrived, bytes, outbox, seq, event, payload)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const countOnly = sqlite.prepare(
    `INSERT INTO quarantine_overflow (terminal, reason, count, latest) VALUES (?, ?, 1, ?)
     ON CONFLICT DO UPDATE SET count = count + 1, latest = excluded.latest`,
  );
  const share = sqlite
    .prepare<[string], number>(`SELECT coalesce(sum(bytes + ${rowBytes}), 0) FROM quarantine WHERE terminal = ?`)
    .pluck();
  const ofNumber = 'terminal = ? AND outbox = ? AND seq = ?';
  const same = sqlite
    .prepare<[string, string, number, string | null, Buffer], number>(
      `SELECT 1 FROM quarantine WHERE ${ofNumber} AND event IS ? AND (event IS NOT NULL OR payload = ?)`,
    )
    .pluck();
  const taker = sqlite
    .prepare<[string, string, number], string | null>(
      `SELECT event FROM quarantine WHERE ${ofNumber} AND reason <> 'number-reused'`,
    )
    .pluck();
  const next = sqlite.prepare<[number, number], QuarantineTable & { id: number }>(
    'SELECT * FROM quarantine WHERE id > ? ORDER BY id LIMIT ?',
  );
  const remove = sqlite.prepare(`DELETE FROM quarantine WHERE ${ofNumber} AND event = ?`);
  const markReused = sqlite.prepare(`UPDATE quarantine SET reason = 'number-reused' WHERE ${ofNumber}`);
  const removeOne = sqlite.prepare<[number]>('DELETE FROM quarantine WHERE id = ?');
  const kept = new Map<string, number>();

  return {
    holds: (terminal, { outbox, seq, id }, payload) => same.get(terminal, outbox, seq, id, payload) === 1,
    keep({ terminal, site, topic, payload, arrived }, { reason, detail, number }) {
      const before = kept.get(terminal) ?? share.get(terminal) ?? 0;
      const after = before + payload.length + rowBytes;
      if (after > maxQuarantineBytes) {
        countOnly.run(terminal, reason, arrived);
        return false;
      }
      const { outbox, seq, id } = number ?? { outbox: null, seq: null, id: null };
      const text = detail?.slice(0, 500) ?? null;
      insert.run(terminal, site, topic, reason, text, arrived, payload.length, outbox, seq, id, payload);
      kept.set(terminal, after);
      return true;
    },
    takerOf: (terminal, outbox, seq) => taker.get(terminal, outbox, seq),
    page: (after, limit) => next.all(after, limit).map(toQuarantined),
    release(terminal, { outbox, seq, id }) {
      remove.run(terminal, outbox, seq, id);
      markReused.run(terminal, outbox, seq);
      kept.delete(terminal);
    },
    remove(id) {
      removeOne.run(id);
      kept.clear();
    },
    forget: () => kept.clear(),
  };
}

function toQuarantined(row: QuarantineTable & { id: number }): Quarantined {
  const { id, site, terminal, topic, payload, arrived } = row;
  const channel = topic.endsWith('/status') ? 'status' : 'events';
  return { id, reason: row.reason as QuarantineReason, message: { site, terminal, channel, topic, payload, arrived } };
}
