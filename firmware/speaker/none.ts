import type { Speaker } from './contract.ts';

/** A counter without a speaker: nothing is said, and nothing fails. */
export function createNoSpeaker(): Speaker {
  return {
    say: async () => false,
    play: async () => false,
    test: async () => false,
    onFailure: () => {},
    onRestored: () => {},
    close: () => {},
  };
}
