import type { Me, Role, User } from '@manyi/config/api';
import { conflict, invalid, notFound } from '../../errors.ts';
import type { Fact } from '../../ledger/entry.ts';
import { withChange } from '../changes.ts';
import { decoyPassword, hashPassword, verifyPassword } from './passwords.ts';
import { hashSecret, newSecret, sessionMs } from './sessions.ts';
import type { UserStore } from './store.ts';

/** A sign-in: the token that the client holds, until when, and whose it is. */
export interface SignIn {
  readonly token: string;
  readonly expires: number;
  readonly me: Me;
}

export interface Users {
  /** Answers null for a wrong name as for a wrong password, after the same time. */
  signIn(username: string, password: string): Promise<SignIn | null>;
  signOut(token: string): void;
  userOfToken(token: string): Me | null;
  /** Makes a token for a program, which acts as the user. Nobody can read it again. */
  addToken(username: string, label: string): string;
  /** Whether the hub has no user yet. */
  none(): boolean;
  /** Makes the first administrator, `admin`; answers false when there is a user already. */
  addFirst(password: string): Promise<boolean>;
  /**
   * Throws 400 where a site of the user does not exist, 409 where the name is taken, or was by somebody who stands in the audit log: nobody
   * shall be taken there for somebody else.
   */
  add(user: User, password: string, by: string): Promise<User>;
  /** Changes a user; a new password ends their sessions. Throws 404, and 409 for the last administrator. */
  change(username: string, change: UserChange, by: string): Promise<User>;
  remove(username: string, by: string): Promise<void>;
}

/** What may change of a user. */
export interface UserChange {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly sites?: string[] | null | undefined;
  readonly password?: string | undefined;
}

export interface UsersParts {
  readonly store: UserStore;
  readonly siteExists: (site: string) => Promise<boolean>;
  readonly now: () => number;
}

/** What the hub calls itself in the audit log. */
const ownName = 'hub';

export function createUsers({ store, siteExists, now }: UsersParts): Users {
  const decoy = decoyPassword();

  function begin(me: Me): SignIn {
    const token = newSecret();
    const expires = now() + sessionMs;
    store.addSession({ hash: hashSecret(token), username: me.username, expires }, now());
    return { token, expires, me };
  }

  async function existing(username: string): Promise<User> {
    const user = await store.find(username);
    if (user === null) throw notFound('user');
    return user;
  }

  async function keepAnAdministrator(user: User): Promise<void> {
    if (user.role !== 'administrator' || (await store.administrators()) > 1) return;
    throw conflict('last-administrator', 'this is the last administrator: make another one first');
  }

  async function requireSites(sites: readonly string[] | null): Promise<void> {
    for (const site of sites ?? []) if (!(await siteExists(site))) throw invalid('sites', `there is no site ${site}`);
  }

  async function requireNewName(username: string): Promise<void> {
    const isThere = (await store.find(username)) !== null;
    if (isThere || (username !== ownName && !store.isAudited(username))) return;
    throw conflict('name-used', 'the audit log names somebody else, or the hub itself, so: choose another name');
  }

  return {
    async signIn(username, password) {
      const stored = await store.password(username);
      const right = await verifyPassword(password, stored ?? decoy);
      const user = right && stored !== null ? await store.find(username) : null;
      return user === null ? null : begin(user);
    },
    signOut: (token) => store.removeSession(hashSecret(token)),
    userOfToken: (token) => store.ofSession(hashSecret(token), now()),
    addToken(username, label) {
      const token = newSecret();
      const fact = { type: 'manyi.token.made.v1', data: { by: username, label } };
      store.addToken({ hash: hashSecret(token), username, label }, fact);
      return token;
    },
    none: () => !store.any(),
    async addFirst(password) {
      const hash = await hashPassword(password);
      if (store.any()) return false;
      const admin: User = { username: 'admin', name: '管理员 Administrator', role: 'administrator', sites: null };
      store.add(admin, hash, changed(admin, 'added', 'hub'));
      return true;
    },
    async add(user, password, by) {
      await requireSites(user.sites);
      await requireNewName(user.username);
      store.add(user, await hashPassword(password), changed(user, 'added', by));
      return user;
    },
    async change(username, { password, ...rest }, by) {
      const before = await existing(username);
      const user = withChange(before, rest);
      if (rest.sites !== undefined) await requireSites(rest.sites);
      if (user.role !== 'administrator') await keepAnAdministrator(before);
      const hash = password === undefined ? null : await hashPassword(password);
      store.change(user, hash, changed(user, 'changed', by, { passwordChanged: hash !== null }));
      if (hash !== null) store.removeSessions(username);
      return user;
    },
    async remove(username, by) {
      const user = await existing(username);
      await keepAnAdministrator(user);
      store.remove(username, changed(user, 'removed', by));
    },
  };
}

function changed(user: User, change: string, by: string, more: Record<string, unknown> = {}): Fact {
  return { type: 'manyi.user.changed.v1', data: { by, change, user, ...more } };
}
