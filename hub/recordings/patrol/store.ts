import { z } from 'zod';
import type { Database } from '../../database/database.ts';

/** Where a patrol is: when its round began (epoch milliseconds), and the last clip it has read. */
const place = z.object({ begun: z.number(), after: z.string().nullable(), failed: z.boolean() });
export type Place = z.infer<typeof place>;

/** What a patrol remembers over restarts, in the hub's values. */
export interface PatrolMemory {
  place(): Place | null;
  /** A round is there now; null when it is over. */
  keep(place: Place | null): void;
  /** When the last round began that could read all there was. */
  verifiedSince(): number | null;
  verified(since: number): void;
}

export function createPatrolMemory({ sqlite }: Database): PatrolMemory {
  const read = sqlite.prepare<[string], string>('SELECT value FROM hub_values WHERE name = ?').pluck();
  const keep = sqlite.prepare('INSERT OR REPLACE INTO hub_values (name, value) VALUES (?, ?)');
  const [round, verified] = ['recordings-patrol', 'recordings-verified'];
  return {
    place: () => place.nullable().parse(JSON.parse(read.get(round) ?? 'null')),
    keep: (now) => void keep.run(round, JSON.stringify(now)),
    verifiedSince() {
      const since = read.get(verified);
      return since === undefined ? null : Number(since);
    },
    verified: (since) => void keep.run(verified, String(since)),
  };
}
