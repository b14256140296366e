// What is soldered where. Arduino pin numbers: D0–D7 are port D, D8–D13 are port B bits 0–5.
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>

#define KEYS 5       // best level first; beside four faces the fifth is the clerk's own, or left open
#define LAMPS 6      // one beside each key, then the badge lamp
#define PINS 20      // of an ATmega328P as an Arduino counts them, A0–A5 included
#define NO_KEY 0xFF

// Keys connect their pin to ground; the chip's own pull-ups hold them up.
static const uint8_t keyPins[KEYS] = {2, 3, 4, 5, 11};
static const uint8_t lampPins[LAMPS] = {6, 7, 8, 9, 12, 10};

#endif
