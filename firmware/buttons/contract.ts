/** The keys of a panel, one a level, and perhaps one of the clerk's own. */
export interface Buttons {
  /**
   * Calls the listener once for every key that goes down. `at` is in milliseconds, on the clock the driver was given.
   * Drivers neither join nor drop presses: that is the filter's work (see filter.ts).
   */
  onPress(listener: (level: string, at: number) => void): void;
  /** Calls the listener once whenever the clerk's own key goes down, on the same clock. It is no level, and never a face. */
  onClerkKey(listener: (at: number) => void): void;
  /** Calls the listener with one line of cause whenever the panel can no longer be read. */
  onFailure(listener: (cause: string) => void): void;
  /** Lets go of the hardware. Nothing is heard afterwards; closing twice changes nothing. */
  close(): void;
}
