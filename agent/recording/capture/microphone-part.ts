import type { Troubles } from '../../troubles.ts';
import { sharePart } from '../shared-part.ts';

/**
 * Whether the microphone hears. Three things speak against it, that it is gone, that it gives nothing but silence, and that nobody is heard in
 * what is recorded; its part has failed as long as one of them holds.
 */
export interface MicrophonePart extends Pick<Troubles, 'partFailed' | 'partRestored'> {
  /** It hears nothing, for this cause. */
  deaf(cause: string): void;
  /** It hears, or nobody knows any more. */
  hears(): void;
  /** Nobody is heard in its clips, for this cause. */
  wordless(cause: string): void;
  /** Somebody is, or nobody knows any more. */
  speaks(): void;
}

/** What the hardware tells of its parts goes through here. */
export function createMicrophonePart({
  partFailed,
  partRestored,
}: Pick<Troubles, 'partFailed' | 'partRestored'>): MicrophonePart {
  const need = sharePart('microphone', { partFailed, partRestored });
  const [device, sound, speech] = [need(), need(), need()];
  return {
    partFailed: (part, cause) => (part === 'microphone' ? device.failed(cause) : partFailed(part, cause)),
    partRestored: (part) => (part === 'microphone' ? device.works() : partRestored(part)),
    deaf: sound.failed,
    hears: sound.works,
    wordless: speech.failed,
    speaks: speech.works,
  };
}
