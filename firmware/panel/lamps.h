// The lamps: what the host wrote, or, while it is silent, the pattern that says so.
#ifndef LAMPS_H
#define LAMPS_H

#include "board.h"

// The host is silent after this. Milliseconds.
#define SILENT_MS 5000

void lampsStart(void);

// What the host wants at a pin. A pin without a lamp changes nothing.
void lampsWrite(uint8_t pin, bool lit);
bool lampsWanted(uint8_t pin);
void lampsAllOff(void);
bool lampsHas(uint8_t pin);

// Drives the pins. `silentMs` is how long the host has said nothing, `now` any running millisecond count.
void lampsWork(uint16_t silentMs, uint16_t now);

#endif
