import { type Command, type CommandName, command } from '@manyi/config/commands';
import { terminalTopic } from '@manyi/config/topics';
import { v7 as newId } from 'uuid';
import type { Fact } from '../ledger/entry.ts';
import type { Presences } from './presence.ts';
import { requireReachable } from './registry.ts';
import type { TerminalRow } from './store.ts';

/** How long a command may be on its way, in milliseconds: a customer called later than that is not called any more. */
const commandMs = 10_000;

export interface Commands {
  /** Sends a command of the clerk to their terminal. Throws 409 when the terminal is known to be away. */
  send(terminal: TerminalRow, name: CommandName, data: unknown, by: string): Promise<Command>;
}

export interface CommandParts {
  readonly presences: Presences;
  readonly publish: (topic: string, message: unknown) => Promise<void>;
  readonly append: (facts: readonly Fact[]) => void;
  readonly now: () => number;
}

export function createCommands({ presences, publish, append, now }: CommandParts): Commands {
  return {
    async send({ id: terminal, site, counter }, name, data, by) {
      requireReachable(presences, terminal);
      const expires = new Date(now() + commandMs).toISOString();
      const sent = command.parse({ id: newId(), name, data, expires });
      append([{ type: 'manyi.command.sent.v1', site, terminal, counter, data: { by, command: sent } }]);
      await publish(terminalTopic(site, terminal, 'commands'), sent);
      return sent;
    },
  };
}
