import type { QuarantineReason } from '@manyi/config/api';
import { maxQuarantineBytes } from '@manyi/config/limits';
import type { Database } from '../database/database.ts';
import type { QuarantineTable } from '../database/schema.ts';
import type { Message } from './message.ts';
import type { Problem } from './reading.ts';

/** A message that was put aside, to be tried again. */
export interface Quarantined {
  readonly id: number;
  readonly reason: QuarantineReason;
  readonly message: Message;
}

/** What could not be taken into the ledger: kept with its bytes while the terminal's share lasts, counted always. */
export interface Quarantine {
  /** Whether the very same is kept already. */
  holds(terminal: string, problem: Problem): boolean;
  /** Answers whether there was room for the bytes; without it the message is only counted. */
  keep(message: Message, problem: Problem): boolean;
  /** The ids of the events kept under a number; null for one whose id could not be read. */
  eventsAt(terminal: string, outbox: string, seq: number): (string | null)[];
  /** The next kept messages after an id, oldest first. */
  page(after: number, limit: number): Quarantined[];
  /** Takes out what is now in the ledger. */
  release(terminal: string, outbox: string, seq: number, event: string): void;
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
  const same = sqlite
    .prepare<[string, string, number, string | null, string], number>(
      'SELECT 1 FROM quarantine WHERE terminal = ? AND outbox = ? AND seq = ? AND event IS ? AND reason = ?',
    )
    .pluck();
  const events = sqlite
    .prepare<[string, string, number], string | null>(
      'SELECT event FROM quarantine WHERE terminal = ? AND outbox = ? AND seq = ?',
    )
    .pluck();
  const next = sqlite.prepare<[number, number], QuarantineTable & { id: number }>(
    'SELECT * FROM quarantine WHERE id > ? ORDER BY id LIMIT ?',
  );
  const remove = sqlite.prepare('DELETE FROM quarantine WHERE terminal = ? AND outbox = ? AND seq = ? AND event = ?');
  const removeOne = sqlite.prepare<[number]>('DELETE FROM quarantine WHERE id = ?');
  const kept = new Map<string, number>();

  return {
    holds(terminal, { reason, number }) {
      return number !== null && same.get(terminal, number.outbox, number.seq, number.id, reason) === 1;
    },
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
    eventsAt: (terminal, outbox, seq) => events.all(terminal, outbox, seq),
    page: (after, limit) => next.all(after, limit).map(toQuarantined),
    release(terminal, outbox, seq, event) {
      remove.run(terminal, outbox, seq, event);
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
