// Running totals in EEPROM that no power cut can spoil.
//
// Each counter owns a ring of SLOTS records of four bytes: the total (24 bits, lowest byte first) and its CRC-8. Total n is
// written into slot n mod SLOTS, so a write never touches the newest record, only the oldest, and every cell is written
// once in SLOTS presses: 100,000 writes a cell are 4.2 million presses of one key.
// At start the newest record counts whose CRC is right, whose total belongs into its slot, and which follows the record
// before it. So a write cut at any moment leaves the total as it was before that press, or as it is after it.
#ifndef TOTALS_H
#define TOTALS_H

#include "board.h"

#define COUNTERS (KEYS + 1)  // the last one counts the starts of the program
#define STARTS KEYS
#define SLOTS 42

// Reads the totals and counts this start.
void totalsStart(void);

// Counts one. It reaches the EEPROM by the following calls of totalsWork.
void totalsAdd(uint8_t counter);

// Begins at most one write of a byte; never waits for it. To be called from the main loop.
void totalsWork(void);

uint32_t totalsGet(uint8_t counter);

// Whether a record could not be read back after it was written: a cell is worn.
bool totalsWorn(void);

// The panel's own number, which the host gives it once; 0 while it has none.
uint32_t totalsPanel(void);
void totalsName(uint32_t panel);

#endif
