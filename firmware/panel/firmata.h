// The part of the Firmata protocol (2.5) that a panel needs, and two messages of its own.
//
// Own messages (user-defined system exclusive numbers; all values in 7-bit bytes, lowest first, five of them a number):
//   host → panel  F0 01 F7               what are your totals?
//   panel → host  F0 01 format flags panel total × KEYS starts F7
//                 format 1; flags: 1 a cell of the EEPROM is worn, 2 the watchdog caused the last start
//   host → panel  F0 02 panel F7         take this number for your own, if you have none
#ifndef FIRMATA_H
#define FIRMATA_H

#include "board.h"

// Says which protocol and program this is, as every Firmata board does when it starts.
void firmataGreet(bool watchdogStarted);

// Takes one byte of the host.
void firmataTake(uint8_t byte);

// Tells the host the keys, if it wants to know and they have changed.
void firmataReport(void);

#endif
