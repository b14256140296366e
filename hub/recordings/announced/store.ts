import { eventData } from '@manyi/config/events';
import { maxClockLeadMs } from '@manyi/config/limits';
import type { Database } from '../../database/database.ts';

/** A clip that its terminal says it has lost. */
export interface Loss {
  readonly recording: string;
  readonly terminal: string;
}

/** What a page of the ledger told of losses, and whether it was the last there is. */
export interface Taken {
  readonly losses: readonly Loss[];
  readonly isLast: boolean;
}

/** Reads what terminals tell of their clips out of the ledger, each entry once. */
export interface AnnouncementStore {
  /**
   * Takes in some of what the ledger holds beyond the last time, whole or not at all. With the last of it, what terminals still had that were
   * removed from this hub is lost, and expected again from one that is back. Null inside somebody else's transaction: it leaves all for later.
   */
  takeSome(now: number): Taken | null;
}

interface LedgerRow {
  readonly position: number;
  readonly type: string;
  readonly time: number;
  readonly arrived: number;
  readonly site: string;
  readonly terminal: string;
  readonly counter: string | null;
  readonly data: string;
}

const pageSize = 500;
const mark = 'recordings-read';

/** As with the time of any event, a start further ahead counts at arrival: by the clock of a terminal nothing is kept for years more. */
function startOf(told: string, arrived: number): number {
  const said = Date.parse(told);
  return said > arrived + maxClockLeadMs ? arrived : said;
}

export function createAnnouncementStore({ sqlite }: Database): AnnouncementStore {
  const fresh = sqlite.prepare<[number, number], LedgerRow>(
    `SELECT position, type, time, arrived, site, terminal, counter, data FROM ledger INDEXED BY ledger_recordings
     WHERE position > ? AND type IN ('manyi.recording.made.v1', 'manyi.recording.lost.v1') ORDER BY position LIMIT ?`,
  );
  const read = sqlite.prepare<[string], string>('SELECT value FROM hub_values WHERE name = ?').pluck();
  const keep = sqlite.prepare('INSERT OR REPLACE INTO hub_values (name, value) VALUES (?, ?)');
  // A machine that was given another place speaks of its clips under another name there: nobody else knows their ids.
  const lose = sqlite.prepare(
    `UPDATE recordings SET state = 'lost', fault = @why, fault_at = @arrived
     WHERE recording = @recording AND state = 'announced' AND (terminal = @terminal OR @why = 'moved')`,
  );
  const loseRemoved = sqlite.prepare<[number], Loss>(
    `UPDATE recordings SET state = 'lost', fault = 'removed', fault_at = ?
     WHERE state = 'announced' AND terminal NOT IN (SELECT id FROM terminals) RETURNING recording, terminal`,
  );
  const expectAgain = sqlite.prepare(
    `UPDATE recordings SET state = 'announced', fault = NULL, fault_at = NULL
     WHERE state = 'lost' AND fault = 'removed' AND terminal IN (SELECT id FROM terminals)`,
  );
  const addLost = sqlite.prepare(
    `INSERT OR IGNORE INTO recordings (recording, position, site, terminal, counter, clerk, service, started, duration_ms, state, fault,
       fault_at)
     VALUES (@recording, @position, @site, @terminal, @counter, @clerk, @service, @started, @durationMs, 'lost', @why, @arrived)`,
  );
  // Its loss may have come first, where events were missing meanwhile.
  const add = sqlite.prepare(
    `INSERT INTO recordings (recording, position, site, terminal, counter, clerk, service, started, duration_ms,
       pressed_at_ms, bytes, sha256, speech_share, peak, clipped_share, repaired, state)
     VALUES (@recording, @position, @site, @terminal, @counter, @clerk, @service, @started, @durationMs, @pressedAtMs, @bytes, @sha256,
       @speechShare, @peak, @clippedShare, @repaired, 'announced')
     ON CONFLICT (recording) DO UPDATE SET started = excluded.started, duration_ms = excluded.duration_ms,
       pressed_at_ms = excluded.pressed_at_ms, bytes = excluded.bytes, sha256 = excluded.sha256, speech_share = excluded.speech_share,
       peak = excluded.peak, clipped_share = excluded.clipped_share, repaired = excluded.repaired
     WHERE recordings.bytes IS NULL AND recordings.terminal = excluded.terminal`,
  );

  function takeLost({ position, time, arrived, site, terminal, counter, data }: LedgerRow): Loss | null {
    const lost = eventData['manyi.recording.lost.v1'].safeParse(JSON.parse(data)).data;
    if (lost === undefined) return null;
    const { why, service, durationMs } = lost;
    const recording = lost.recording.toLowerCase();
    const started = lost.startedAt === null ? time : startOf(lost.startedAt, arrived);
    const told = { recording, terminal, why, arrived };
    const place = { position, site, counter, clerk: lost.clerk ?? '', service, started, durationMs };
    const { changes } = lose.run(told);
    if (changes === 0) addLost.run({ ...told, ...place });
    return { recording, terminal };
  }

  function takeMade({ position, arrived, site, terminal, counter, data }: LedgerRow): void {
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
      started: startOf(made.startedAt, arrived),
      repaired: made.repaired ? 1 : 0,
    });
  }

  function take(row: LedgerRow): Loss[] {
    if (row.type === 'manyi.recording.made.v1') {
      takeMade(row);
      return [];
    }
    const loss = takeLost(row);
    return loss === null ? [] : [loss];
  }

  const takePage = sqlite.transaction((now: number): Taken => {
    const rows = fresh.all(Number(read.get(mark) ?? 0), pageSize);
    const losses = rows.flatMap(take);
    const last = rows.at(-1);
    if (last !== undefined) keep.run(mark, String(last.position));
    if (rows.length === pageSize) return { losses, isLast: false };
    expectAgain.run();
    return { losses: [...losses, ...loseRemoved.all(now)], isLast: true };
  });

  return {
    takeSome(now) {
      if (!sqlite.open) return { losses: [], isLast: true };
      return sqlite.inTransaction ? null : takePage(now);
    },
  };
}
