/** What is soldered where, as Arduino pins. The panel's program says the same in board.h. */

/** The keys, best level first. One that no level needs may be the clerk's own. */
export const keyPins: readonly number[] = [2, 3, 4, 5, 11];
/** The lamp beside each key. */
export const faceLampPins = [6, 7, 8, 9, 12] as const;
export const badgeLampPin = 10;
