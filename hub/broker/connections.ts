import type { Client } from 'aedes';
import { type Grants, grantsOf, type TerminalIdentity } from './access.ts';

/** An authenticated connection of a terminal. */
export interface Connection {
  readonly identity: TerminalIdentity;
  readonly grants: Grants;
}

/** Who is connected, by the broker's own objects. */
export interface Connections {
  admit(client: Client, identity: TerminalIdentity): Connection;
  get(client: Client): Connection | undefined;
  /** The client has been let in. */
  ready(client: Client): void;
  gone(client: Client): void;
  /** Closes every connection of a terminal. */
  close(terminal: string): void;
}

export function connections(): Connections {
  // Weak, because aedes still asks about the will of a client that is gone.
  const admitted = new WeakMap<Client, Connection>();
  const open = new Set<Client>();
  return {
    admit(client, identity) {
      const connection = { identity, grants: grantsOf(identity) };
      admitted.set(client, connection);
      return connection;
    },
    get: (client) => admitted.get(client),
    ready: (client) => void open.add(client),
    gone: (client) => void open.delete(client),
    close(terminal) {
      for (const client of open) if (admitted.get(client)?.identity.terminal === terminal) client.close();
    },
  };
}
