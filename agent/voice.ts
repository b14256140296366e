import type { Phrase } from '@manyi/firmware/speaker/contract';
import type { Effect } from './service/effects.ts';

/** What the speaker says after a commit; null when nothing. Who is asked goes before who is thanked. Alike for every level. */
export function phraseOf(effects: readonly Effect[]): Phrase | null {
  const signals = effects.map((effect) => effect.type);
  if (signals.includes('ask')) return 'invitation';
  return signals.includes('thank') ? 'thanks' : null;
}
