import type { Hardware } from '@manyi/firmware/terminal';
import type { Troubles } from '../troubles.ts';

/** Below this level (dBFS) a converter gives nothing. */
export const nothing = -90;

/**
 * Tries what needs no hand, when the hub asks for it: whether the microphone gives more than silence, and whether the speaker
 * still takes sound. Everything else is watched all the time. What has changed is told as any other failure or return.
 */
export async function testUnattended(
  { microphone, speaker }: Pick<Hardware, 'microphone' | 'speaker'>,
  { partFailed, partRestored }: Pick<Troubles, 'partFailed' | 'partRestored'>,
): Promise<void> {
  const levels = microphone.levels();
  if (levels !== null && levels.level > nothing) partRestored('microphone');
  else if (levels !== null) {
    partFailed('microphone', 'the microphone gives nothing but silence: see with alsamixer whether it is muted');
  }
  await speaker.test();
}
