/** A reader of clerks' badges. */
export interface BadgeReader {
  /**
   * Calls the listener with the code of every badge that is shown: 4–32 digits or letters. One that is held before the reader may be told
   * again and again: what is a tap of its own is not the reader's to say.
   */
  onBadge(listener: (code: string) => void): void;
  /** Calls the listener with one line of cause whenever badges can no longer be read. */
  onFailure(listener: (cause: string) => void): void;
  /** Lets go of the hardware. Nothing is heard afterwards; closing twice changes nothing. */
  close(): void;
}
