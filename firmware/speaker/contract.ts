/** What a counter says aloud. Thanks are the same whatever was pressed: there is no phrase for a level. */
export const phrases = ['invitation', 'thanks'] as const;
export type Phrase = (typeof phrases)[number];

/** A counter's speaker. It never waits for anything, and nothing waits for it. */
export interface Speaker {
  /** Says it; what is still being said is cut off. Settles with whether it was said to its end. Never rejects. */
  say(phrase: Phrase): Promise<boolean>;
  /** As `say`, for sound of one channel in the form of sound/format.ts. */
  play(audio: Buffer): Promise<boolean>;
  /** Tries with a moment of silence whether anything can be said; true at once while something is. Never rejects. */
  test(): Promise<boolean>;
  /** Calls the listener with one line of cause whenever nothing can be said. */
  onFailure(listener: (cause: string) => void): void;
  /** Calls the listener when a speaker that had failed works again. */
  onRestored(listener: () => void): void;
  /** Cuts off what is being said and lets go of the hardware. Closing twice changes nothing. */
  close(): void;
}
