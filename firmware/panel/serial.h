// The line to the host: USART0 at 57,600 baud, 8N1, sent and received by interrupt.
#ifndef SERIAL_H
#define SERIAL_H

#include "board.h"

void serialStart(void);

// Waits only while 256 bytes are on their way: at most 45 ms.
void serialSend(uint8_t byte);

// Takes one received byte; false when there is none.
bool serialTake(uint8_t *byte);

#endif
