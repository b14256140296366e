#include "serial.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#define BAUD 57600
#include <util/setbaud.h>

// Both rings are 256 long so that their indices wrap by themselves.
static volatile uint8_t sending[256];
static volatile uint8_t sendHead, sendTail;
static volatile uint8_t received[256];
static volatile uint8_t receivedHead, receivedTail;

void serialStart(void) {
  UBRR0 = UBRR_VALUE;
#if USE_2X
  UCSR0A = _BV(U2X0);
#else
  UCSR0A = 0;
#endif
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

ISR(USART_RX_vect) {
  uint8_t byte = UDR0;
  uint8_t next = receivedHead + 1;
  if (next == receivedTail) return;
  received[receivedHead] = byte;
  receivedHead = next;
}

ISR(USART_UDRE_vect) {
  UDR0 = sending[sendTail++];
  if (sendHead == sendTail) UCSR0B &= ~_BV(UDRIE0);
}

void serialSend(uint8_t byte) {
  uint8_t next = sendHead + 1;
  while (next == sendTail) {
  }
  sending[sendHead] = byte;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    sendHead = next;
    UCSR0B |= _BV(UDRIE0);
  }
}

bool serialTake(uint8_t *byte) {
  if (receivedHead == receivedTail) return false;
  *byte = received[receivedTail++];
  return true;
}
