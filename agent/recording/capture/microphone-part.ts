import type { Troubles } from '../../troubles.ts';
import { sharePart } from '../shared-part.ts';

/**
 * Whether the microphone hears. Two things speak against it, that it is gone and that it gives nothing but silence; its part has failed as
 * long as either holds.
 */
export interface MicrophonePart extends Pick<Troubles, 'partFailed' | 'partRestored'> {
  /** It hears nothing, for this cause. */
  deaf(cause: string): void;
  /** It hears, or nobody knows any more. */
  hears(): void;
}

/** What the hardware tells of its parts goes through here. */
export function createMicrophonePart({
  partFailed,
  partRestored,
}: Pick<Troubles, 'partFailed' | 'partRestored'>): MicrophonePart {
  const need = sharePart('microphone', { partFailed, partRestored });
  const [device, sound] = [need(), need()];
  return {
    partFailed: (part, cause) => (part === 'microphone' ? device.failed(cause) : partFailed(part, cause)),
    partRestored: (part) => (part === 'microphone' ? device.works() : partRestored(part)),
    deaf: sound.failed,
    hears: sound.works,
  };
}
