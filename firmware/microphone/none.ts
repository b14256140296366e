import type { Microphone } from './contract.ts';

/** A counter without a microphone: nothing is heard, and nothing fails. */
export function createNoMicrophone(): Microphone {
  return {
    channels: 1,
    state: () => 'off',
    levels: () => null,
    onAudio: () => {},
    onGap: () => {},
    onFailure: () => {},
    onRestored: () => {},
    close: () => {},
  };
}
