import { onTestFinished } from 'vitest';
import { type Core, type CoreOptions, startCore } from '../../support/core.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { connectTerminal, type MqttTerminal } from '../../support/mqtt-terminal.ts';

/** A hub's core of the running test's own. */
export async function hall(options: Partial<CoreOptions> = {}): Promise<Core> {
  const core = await startCore({ folder: temporaryFolder(), terminals: 3, ...options });
  onTestFinished(() => core.close());
  return core;
}

/** A terminal that is connected to it. */
export async function join(core: Core, name = 'terminal-1'): Promise<MqttTerminal> {
  const terminal = await connectTerminal(core.port, name);
  onTestFinished(() => terminal.close());
  return terminal;
}

/** The ids of the terminals' own events, without what the hub adds about them. */
export function eventIds(core: Core): string[] {
  return core.database.sqlite
    .prepare('SELECT id FROM ledger WHERE outbox_key IS NOT NULL ORDER BY position')
    .pluck()
    .all() as string[];
}

/** What stands in quarantine, oldest first. */
export function quarantined(core: Core): { reason: string; terminal: string; seq: number | null; bytes: number }[] {
  const rows = core.database.sqlite.prepare('SELECT reason, terminal, seq, bytes FROM quarantine ORDER BY id').all();
  return rows as { reason: string; terminal: string; seq: number | null; bytes: number }[];
}

/** The hub's own facts of a type. */
export function facts(core: Core, type: string): Record<string, unknown>[] {
  return core.ledger
    .read(0, 100_000)
    .filter((entry) => entry.type === type)
    .map((entry) => JSON.parse(entry.data) as Record<string, unknown>);
}

/** Resolves when the ledger holds an entry of the type. */
export function written(core: Core, type: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = core.ledger.onCommit((entries) => {
      if (!entries.some((entry) => entry.type === type)) return;
      stop();
      resolve();
    });
  });
}

/** One row of the month's tallies, summed over everything. */
export function counted(core: Core, column: string): number {
  const sum = `SELECT coalesce(sum(${column}), 0) FROM tallies WHERE span = 'month'`;
  return core.database.sqlite.prepare(sum).pluck().get() as number;
}
