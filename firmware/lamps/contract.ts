/**
 * What the lamps of a panel say. Every pattern concerns all lamps alike, whatever was pressed, so that nobody standing there
 * can tell which face it was: there is no pattern for a level.
 */
export const lampPatterns = ['off', 'ready', 'ask', 'ask-again', 'thanks', 'failure'] as const;
export type LampPattern = (typeof lampPatterns)[number];

/** The lamps of a panel. */
export interface Lamps {
  /** Shows the pattern until another is shown. */
  show(pattern: LampPattern): void;
  /** Says on the badge lamp, over whatever pattern is shown and the same over every one, that somebody listens in: for as long as it is so. */
  showListening(listening: boolean): void;
  /** Calls the listener with one line of cause whenever the lamps can no longer be lit. */
  onFailure(listener: (cause: string) => void): void;
  /** Turns them off and lets go of the hardware. Closing twice changes nothing. */
  close(): void;
}
