import type { LampPattern } from '@manyi/firmware/lamps/contract';
import type { Effect } from './service/effects.ts';
import type { View } from './service/view.ts';

/** What the lamps show after a commit, by what the counter is about and whether somebody was just thanked. Alike for every level. */
export function lampPattern(
  effects: readonly Effect[],
  { phase, asksAgain }: Pick<View, 'phase' | 'asksAgain'>,
): LampPattern {
  const signals = effects.map((effect) => effect.type);
  if (asksAgain) return 'ask-again';
  switch (phase) {
    case 'inviting':
      return 'ask';
    case 'reason':
    case 'thanks':
      return 'thanks';
    case 'idle':
    case 'serving':
    case 'paused':
    case 'no-clerk':
      return signals.includes('thank') ? 'thanks' : 'ready';
    default:
      return phase satisfies never;
  }
}
