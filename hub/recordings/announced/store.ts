import { eventData } from '@manyi/config/events';
import type { Database } from '../../database/database.ts';

/** Reads what terminals tell of their clips out of the ledger, each entry once. */
export interface AnnouncementStore {
  /** Takes in what the ledger holds beyond the last time. Does nothing inside somebody else's transaction. */
  takeNew(): void;
}

interface LedgerRow {
  readonly position: number;
  readonly type: string;
  readonly site: string;
  readonly terminal: string;
  readonly counter: string | null;
  readonly data: string;
}

const pageSize = 500;
const mark = 'recordings-read';

export function createAnnouncementStore({ sqlite }: Database): AnnouncementStore {
  const fresh = sqlite.prepare<[number, number], LedgerRow>(
    `SELECT position, type, site, terminal, counter, data FROM ledger INDEXED BY ledger_recordings
     WHERE position > ? AND type IN ('manyi.recording.made.v1', 'manyi.recording.lost.v1') ORDER BY position LIMIT ?`,
  );
  const read = sqlite.prepare<[string], string>('SELECT value FROM hub_values WHERE name = ?').pluck();
  const keep = sqlite.prepare('INSERT OR REPLACE INTO hub_values (name, value) VALUES (?, ?)');
  const lose = sqlite.prepare(
    "UPDATE recordings SET state = 'lost' WHERE recording = ? AND terminal = ? AND state = 'announced'",
  );
  const add = sqlite.prepare(
    `INSERT OR IGNORE INTO recordings (recording, position, site, terminal, counter, clerk, service, started, duration_ms,
       pressed_at_ms, bytes, sha256, speech_share, peak, clipped_share, repaired, state)
     VALUES (@recording, @position, @site, @terminal, @counter, @clerk, @service, @started, @durationMs, @pressedAtMs, @bytes, @sha256,
       @speechShare, @peak, @clippedShare, @repaired, 'announced')`,
  );

  function take({ position, type, site, terminal, counter, data }: LedgerRow): void {
    if (type === 'manyi.recording.lost.v1') {
      const lost = eventData['manyi.recording.lost.v1'].safeParse(JSON.parse(data)).data;
      if (lost !== undefined) lose.run(lost.recording.toLowerCase(), terminal);
      return;
    }
    const made = eventData['manyi.recording.made.v1'].safeParse(JSON.parse(data)).data;
    if (made === undefined) return;
    add.run({
      ...made,
      recording: made.recording.toLowerCase(),
      position,
      site,
      terminal,
      counter,
      clerk: made.clerk ?? '',
      started: Date.parse(made.startedAt),
      repaired: made.repaired ? 1 : 0,
    });
  }

  const takePage = sqlite.transaction((): number => {
    const rows = fresh.all(Number(read.get(mark) ?? 0), pageSize);
    for (const row of rows) take(row);
    const last = rows.at(-1);
    if (last !== undefined) keep.run(mark, String(last.position));
    return rows.length;
  });

  return {
    takeNew() {
      if (!sqlite.open || sqlite.inTransaction) return;
      while (takePage() === pageSize);
    },
  };
}
