import { type MachineToken, type Me, role, type User } from '@manyi/config/api';
import type { Database } from '../../database/database.ts';
import type { UsersTable } from '../../database/schema.ts';
import type { Fact } from '../../ledger/entry.ts';
import type { Changes } from '../changes.ts';

export interface UserStore {
  any(): boolean;
  find(username: string): Promise<User | null>;
  list(after: string, limit: number): Promise<User[]>;
  /** The stored password, null for an unknown user. */
  password(username: string): Promise<string | null>;
  administrators(): Promise<number>;
  /** Whether the audit log tells of acts of a user of that name, who may be gone. */
  isAudited(username: string): boolean;
  add(user: User, password: string, fact: Fact): void;
  change(user: User, password: string | null, fact: Fact): void;
  remove(username: string, fact: Fact): void;
  /** The user of a session that has not expired. */
  ofSession(hash: string, now: number): Me | null;
  addSession(session: { hash: string; username: string; expires: number }, now: number): void;
  /** The tokens that a user has made for programs. */
  tokens(username: string): Promise<MachineToken[]>;
  addToken(token: { hash: string; username: string; label: string }, fact: Fact): void;
  /** Answers false when the user has no such token. */
  removeToken(username: string, hash: string): boolean;
  removeSession(hash: string): void;
  /** Ends every session of the user. */
  removeSessions(username: string): void;
}

export function createUserStore(database: Database, changes: Changes): UserStore {
  const { sqlite, query } = database;
  const anyUser = sqlite.prepare<[], { found: number }>('SELECT EXISTS (SELECT 1 FROM users) AS found');
  const sessionUser = sqlite.prepare<[string, number], UsersTable>(
    'SELECT u.* FROM sessions s JOIN users u USING (username) WHERE s.hash = ? AND (s.expires IS NULL OR s.expires > ?)',
  );
  const audited = sqlite.prepare<[string], number>('SELECT 1 FROM audit WHERE who = ? LIMIT 1').pluck();
  const endSessions = (username: string) => query.deleteFrom('sessions').where('username', '=', username);

  return {
    any: () => anyUser.get()?.found === 1,
    async find(username) {
      const row = await query.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst();
      return row === undefined ? null : toUser(row);
    },
    async list(after, limit) {
      const rows = query.selectFrom('users').selectAll().where('username', '>', after).orderBy('username').limit(limit);
      return (await rows.execute()).map(toUser);
    },
    async password(username) {
      const row = query.selectFrom('users').select('password').where('username', '=', username);
      return (await row.executeTakeFirst())?.password ?? null;
    },
    async administrators() {
      const rows = query.selectFrom('users').select('username').where('role', '=', 'administrator');
      return (await rows.execute()).length;
    },
    isAudited: (username) => audited.get(username) !== undefined,
    add: (user, password, fact) => changes.commit(fact, query.insertInto('users').values({ ...toRow(user), password })),
    change(user, password, fact) {
      const values = { ...toRow(user), ...(password === null ? {} : { password }) };
      changes.commit(fact, query.updateTable('users').set(values).where('username', '=', user.username));
    },
    remove: (username, fact) => changes.commit(fact, query.deleteFrom('users').where('username', '=', username)),
    ofSession(hash, now) {
      const row = sessionUser.get(hash, now);
      return row === undefined ? null : toUser(row);
    },
    addSession(session, now) {
      const expired = query.deleteFrom('sessions').where('expires', '<=', now);
      changes.run(expired, query.insertInto('sessions').values({ ...session, label: null }));
    },
    tokens: (username) =>
      query
        .selectFrom('sessions')
        .select(['hash as id', 'label'])
        .where('username', '=', username)
        .where('label', 'is not', null)
        .orderBy('label')
        .$narrowType<MachineToken>()
        .execute(),
    addToken: (token, fact) => changes.commit(fact, query.insertInto('sessions').values({ ...token, expires: null })),
    removeToken(username, hash) {
      const own = query.deleteFrom('sessions').where('username', '=', username).where('hash', '=', hash);
      return changes.run(own.where('label', 'is not', null)) > 0;
    },
    removeSession: (hash) => void changes.run(query.deleteFrom('sessions').where('hash', '=', hash)),
    removeSessions: (username) => void changes.run(endSessions(username)),
  };
}

function toUser(row: UsersTable): User {
  const sites = row.sites === null ? null : (JSON.parse(row.sites) as string[]);
  return { username: row.username, name: row.name, role: role.parse(row.role), sites };
}

function toRow(user: User) {
  return { ...user, sites: user.sites === null ? null : JSON.stringify(user.sites) };
}
