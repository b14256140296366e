// Keys freed from contact bounce.
#ifndef KEYS_H
#define KEYS_H

#include "board.h"

// A contact must stay closed this long without a break to be a press, and open this long to be let go. Milliseconds.
// 4 ms of closed contact keep interference out, and a press of 15 ms with 5 ms of bounce at either end still counts.
// Contacts are sampled every millisecond; the chip's pin change interrupts tell whether there was a break between two samples.
#define CLOSED_MS 4
#define OPEN_MS 10

// A key that is pressed again so soon has bounced: no finger is as quick. The host takes it for one press (firmware/buttons/filter.ts),
// so it is counted as one. Milliseconds.
#define APART_MS 50

void keysStart(void);

// To be called every millisecond, from the timer's interrupt.
void keysSample(void);

// The keys that are down, as bits.
uint8_t keysDown(void);

// The presses of a key since this was last asked.
uint8_t keysTakePresses(uint8_t key);

#endif
