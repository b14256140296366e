#include "keys.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#define PORT_D 0
#define PORT_B 1
#define PORTS 2

// For a contact to have stayed as it is for so many milliseconds takes one sample more.
#define CLOSED_SAMPLES (CLOSED_MS + 1)
#define OPEN_SAMPLES (OPEN_MS + 1)

static uint8_t differingFor[KEYS];
static uint8_t sincePress[KEYS];  // milliseconds, and no more than APART_MS + 1
static volatile uint8_t presses[KEYS];
static volatile uint8_t down;

// Of each port: the bits of its keys, their levels when they were last read, and those that had an edge since then.
static uint8_t keyBits[PORTS];
static uint8_t levels[PORTS];
static uint8_t edges[PORTS];

static uint8_t portOf(uint8_t key) { return keyPins[key] < 8 ? PORT_D : PORT_B; }
static uint8_t bitOf(uint8_t key) { return 1 << (keyPins[key] & 7); }

void keysStart(void) {
  for (uint8_t key = 0; key < KEYS; key++) {
    keyBits[portOf(key)] |= bitOf(key);
    sincePress[key] = APART_MS + 1;
  }
  PORTD |= keyBits[PORT_D];
  PORTB |= keyBits[PORT_B];
  PCICR = _BV(PCIE2) | _BV(PCIE0);
}

// Notes which of the armed pins had an edge. A pair of edges too quick to be read may have been at any of them.
static uint8_t noteEdges(uint8_t port, uint8_t now, uint8_t armed) {
  uint8_t changed = (now ^ levels[port]) & armed;
  if (!changed) changed = armed;
  edges[port] |= changed;
  return changed;
}

// One edge between two samples says all: the pin is let alone until the next, so that no interference can keep the chip busy.
ISR(PCINT2_vect) { PCMSK2 &= ~noteEdges(PORT_D, PIND, PCMSK2); }
ISR(PCINT0_vect) { PCMSK0 &= ~noteEdges(PORT_B, PINB, PCMSK0); }

static void readPort(uint8_t port, uint8_t now) {
  edges[port] |= now ^ levels[port];
  levels[port] = now;
}

static void sample(uint8_t key) {
  uint8_t bit = 1 << key;
  bool wasDown = down & bit;
  bool isClosed = !(levels[portOf(key)] & bitOf(key));
  if (sincePress[key] <= APART_MS) sincePress[key]++;
  if (isClosed == wasDown) {
    differingFor[key] = 0;
    return;
  }
  if (edges[portOf(key)] & bitOf(key)) differingFor[key] = 0;
  if (++differingFor[key] < (wasDown ? OPEN_SAMPLES : CLOSED_SAMPLES)) return;
  differingFor[key] = 0;
  down ^= bit;
  if (wasDown) return;
  if (sincePress[key] > APART_MS) presses[key]++;
  sincePress[key] = 0;
}

void keysSample(void) {
  // Edges that wait for their interrupt show in the levels that are read now.
  PCIFR = _BV(PCIF2) | _BV(PCIF0);
  readPort(PORT_D, PIND);
  readPort(PORT_B, PINB);
  PCMSK2 = keyBits[PORT_D];
  PCMSK0 = keyBits[PORT_B];
  for (uint8_t key = 0; key < KEYS; key++) sample(key);
  edges[PORT_D] = edges[PORT_B] = 0;
}

uint8_t keysDown(void) { return down; }

uint8_t keysTakePresses(uint8_t key) {
  uint8_t taken;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    taken = presses[key];
    presses[key] = 0;
  }
  return taken;
}
