import type { Database } from '../database/database.ts';
import { newRosterKey } from './roster.ts';

/** The key that badges are hashed with: made once for a hub, and handed to every terminal that enrols. */
export function readRosterKey({ sqlite }: Database): string {
  sqlite.prepare("INSERT OR IGNORE INTO hub_values (name, value) VALUES ('roster-key', ?)").run(newRosterKey());
  const row = sqlite.prepare<[], { value: string }>("SELECT value FROM hub_values WHERE name = 'roster-key'").get();
  if (row === undefined) throw new Error('the roster key could not be stored');
  return row.value;
}
