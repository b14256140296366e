import type { Database } from '../../database/database.ts';
import type { KeyMemory } from './key.ts';

/** Remembers the check value of the key in the hub's values. */
export function createKeyMemory({ sqlite }: Database): KeyMemory {
  const read = sqlite.prepare<[], string>("SELECT value FROM hub_values WHERE name = 'recording-key-check'").pluck();
  const add = sqlite.prepare("INSERT INTO hub_values (name, value) VALUES ('recording-key-check', ?)");
  return { check: () => read.get() ?? null, remember: (check) => void add.run(check) };
}
