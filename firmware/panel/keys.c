#include "keys.h"

#include <avr/io.h>
#include <util/atomic.h>

static uint8_t differingFor[KEYS];
static volatile uint8_t presses[KEYS];
static volatile uint8_t down;

static bool contactClosed(uint8_t pin) {
  return pin < 8 ? !(PIND & (1 << pin)) : !(PINB & (1 << (pin - 8)));
}

void keysStart(void) {
  for (uint8_t key = 0; key < KEYS; key++) {
    uint8_t pin = keyPins[key];
    if (pin < 8) PORTD |= 1 << pin;
    else PORTB |= 1 << (pin - 8);
  }
}

static void sample(uint8_t key) {
  uint8_t bit = 1 << key;
  bool wasDown = down & bit;
  if (contactClosed(keyPins[key]) == wasDown) {
    differingFor[key] = 0;
    return;
  }
  if (++differingFor[key] < (wasDown ? OPEN_MS : CLOSED_MS)) return;
  differingFor[key] = 0;
  down ^= bit;
  if (!wasDown) presses[key]++;
}

void keysSample(void) {
  for (uint8_t key = 0; key < KEYS; key++) sample(key);
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
