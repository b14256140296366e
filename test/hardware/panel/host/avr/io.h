// The registers of an ATmega328P that keys.c uses, as plain memory.
#ifndef HOST_IO_H
#define HOST_IO_H

#include <stdint.h>

#define _BV(bit) (1 << (bit))
#define PCIE0 0
#define PCIE2 2
#define PCIF0 0
#define PCIF2 2

extern uint8_t PINB, PIND, PORTB, PORTD, PCICR, PCIFR, PCMSK0, PCMSK2;

#endif
