import type { Database } from '../database/database.ts';

/** What listening asks of the hub's tables, and the one thing that it keeps there. */
export interface ListeningStore {
  /** The terminals at a counter. */
  terminalsAt(site: string, counter: string): string[];
  /** Who is on duty at a terminal; null for nobody. */
  clerkAt(site: string, terminal: string): string | null;
  /** Notes that listening goes on: so a start that was never ended in the log can be ended at the last time that is known of it. */
  beat(at: number): void;
  /** Epoch milliseconds of the last note; 0 before the first. */
  lastBeat(): number;
}

export function createListeningStore({ sqlite }: Database): ListeningStore {
  const terminals = sqlite
    .prepare<[string, string], string>('SELECT id FROM terminals WHERE site = ? AND counter = ? ORDER BY id')
    .pluck();
  const clerk = sqlite
    .prepare<[string, string], string>(
      'SELECT clerk FROM duties WHERE site = ? AND terminal = ? AND ended IS NULL ORDER BY started DESC LIMIT 1',
    )
    .pluck();
  const note = sqlite.prepare(
    "INSERT INTO hub_values (name, value) VALUES ('listening-beat', @at) ON CONFLICT (name) DO UPDATE SET value = @at",
  );
  const noted = sqlite.prepare<[], string>("SELECT value FROM hub_values WHERE name = 'listening-beat'").pluck();
  return {
    terminalsAt: (site, counter) => terminals.all(site, counter),
    clerkAt: (site, terminal) => clerk.get(site, terminal) || null,
    beat: (at) => void note.run({ at: String(at) }),
    lastBeat: () => Number(noted.get() ?? 0),
  };
}
