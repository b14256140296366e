import type { Levels } from './levels.ts';

/**
 * `off`: there is none, or it has been closed; `opening`: nothing was heard yet; `recording`: it is heard now; `failed`: it is
 * not, and is tried again.
 */
export type MicrophoneState = 'off' | 'opening' | 'recording' | 'failed';

/** A counter's microphone. It is heard from its opening to its closing; what is kept of it, others decide. */
export interface Microphone {
  /** 1, or 2 whose samples take turns. */
  readonly channels: number;
  state(): MicrophoneState;
  /** What the last full second was like; null while nothing is heard. */
  levels(): Levels | null;
  /** Calls the listener with sound as it comes: whole samples of all channels, in the form of sound/format.ts. */
  onAudio(listener: (audio: Buffer) => void): void;
  /**
   * Calls the listener when sound was lost between what it has given and what it gives next, although the microphone works: at least so many
   * milliseconds, null where nobody knows.
   */
  onGap(listener: (atLeastMs: number | null) => void): void;
  /** Calls the listener with one line of cause whenever nothing can be heard. */
  onFailure(listener: (cause: string) => void): void;
  /** Calls the listener when a microphone that had failed is heard again. */
  onRestored(listener: () => void): void;
  /** Lets go of the hardware. Nothing is heard afterwards; closing twice changes nothing. */
  close(): void;
}
