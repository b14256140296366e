import { defaultRetention, type Retention } from '@manyi/config/recordings';
import type { Database } from '../../database/database.ts';

/** What administrators decide about recordings: how long they are kept, and who may take them away. */
export interface RuleStore {
  retention(site: string): Retention;
  setRetention(site: string, days: Retention): void;
  mayDownload(username: string): boolean;
  downloaders(): string[];
  userExists(username: string): boolean;
  grant(username: string): void;
  revoke(username: string): void;
}

export function createRuleStore({ sqlite }: Database): RuleStore {
  const days = sqlite.prepare<[string], Retention>(
    'SELECT good, neutral, bad, unrated FROM recording_retention WHERE site = ?',
  );
  const set = sqlite.prepare(
    'INSERT OR REPLACE INTO recording_retention (site, good, neutral, bad, unrated) VALUES (@site, @good, @neutral, @bad, @unrated)',
  );
  const may = sqlite.prepare('SELECT 1 FROM downloaders WHERE username = ?');
  const all = sqlite.prepare<[], string>('SELECT username FROM downloaders ORDER BY username').pluck();
  const user = sqlite.prepare('SELECT 1 FROM users WHERE username = ?');
  const grant = sqlite.prepare('INSERT OR IGNORE INTO downloaders (username) VALUES (?)');
  const revoke = sqlite.prepare('DELETE FROM downloaders WHERE username = ?');
  return {
    retention: (site) => days.get(site) ?? defaultRetention,
    setRetention: (site, given) => void set.run({ site, ...given }),
    mayDownload: (username) => may.get(username) !== undefined,
    downloaders: () => all.all(),
    userExists: (username) => user.get(username) !== undefined,
    grant: (username) => void grant.run(username),
    revoke: (username) => void revoke.run(username),
  };
}
