import {
  defaultRecordingPolicy,
  defaultRetention,
  type RecordingPolicy,
  type Retention,
} from '@manyi/config/recordings';
import type { Database } from '../../database/database.ts';
import type { ClockSeen } from './clock-watch.ts';

/** What administrators decide about recordings: what is recorded, how long it is kept, and who may take it away. */
export interface RuleStore {
  policy(site: string): RecordingPolicy;
  setPolicy(site: string, policy: RecordingPolicy): void;
  retention(site: string): Retention;
  setRetention(site: string, days: Retention): void;
  mayDownload(username: string): boolean;
  downloaders(): string[];
  userExists(username: string): boolean;
  grant(username: string): void;
  revoke(username: string): void;
  /** What is remembered of the hub's clock; null before it was read first. */
  clockSeen(): ClockSeen | null;
  seeClock(seen: ClockSeen): void;
}

export function createRuleStore({ sqlite }: Database): RuleStore {
  const policy = sqlite.prepare<[string], RecordingPolicy>(
    'SELECT record, before_seconds AS beforeSeconds, after_seconds AS afterSeconds, keep FROM recording_policies WHERE site = ?',
  );
  const decide = sqlite.prepare(
    'INSERT OR REPLACE INTO recording_policies (site, record, before_seconds, after_seconds, keep) ' +
      'VALUES (@site, @record, @beforeSeconds, @afterSeconds, @keep)',
  );
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
  const seen = sqlite.prepare<[], string>("SELECT value FROM hub_values WHERE name = 'recordings-clock'").pluck();
  const see = sqlite.prepare("INSERT OR REPLACE INTO hub_values (name, value) VALUES ('recordings-clock', ?)");
  return {
    policy: (site) => policy.get(site) ?? defaultRecordingPolicy,
    setPolicy: (site, given) => void decide.run({ site, ...given }),
    retention: (site) => days.get(site) ?? defaultRetention,
    setRetention: (site, given) => void set.run({ site, ...given }),
    mayDownload: (username) => may.get(username) !== undefined,
    downloaders: () => all.all(),
    userExists: (username) => user.get(username) !== undefined,
    grant: (username) => void grant.run(username),
    revoke: (username) => void revoke.run(username),
    clockSeen: () => JSON.parse(seen.get() ?? 'null') as ClockSeen | null,
    seeClock: (now) => void see.run(JSON.stringify(now)),
  };
}
