#include "lamps.h"

#include <avr/io.h>

// While the host is silent all lamps flash together, briefly: 100 ms in 2,048.
#define FLASH_MS 100
#define FLASH_EVERY_MASK 2047

static uint16_t wanted;

static void drive(uint8_t pin, bool lit) {
  volatile uint8_t *port = pin < 8 ? &PORTD : &PORTB;
  uint8_t bit = 1 << (pin & 7);
  if (lit) *port |= bit;
  else *port &= ~bit;
}

void lampsStart(void) {
  for (uint8_t i = 0; i < LAMPS; i++) {
    uint8_t pin = lampPins[i];
    if (pin < 8) DDRD |= 1 << pin;
    else DDRB |= 1 << (pin - 8);
  }
}

bool lampsHas(uint8_t pin) {
  for (uint8_t i = 0; i < LAMPS; i++) {
    if (lampPins[i] == pin) return true;
  }
  return false;
}

void lampsWrite(uint8_t pin, bool lit) {
  if (!lampsHas(pin)) return;
  if (lit) wanted |= 1 << pin;
  else wanted &= ~(1 << pin);
}

bool lampsWanted(uint8_t pin) { return pin < 16 && (wanted & (1 << pin)); }

void lampsAllOff(void) { wanted = 0; }

void lampsWork(uint16_t silentMs, uint16_t now) {
  bool silent = silentMs >= SILENT_MS;
  bool flash = (now & FLASH_EVERY_MASK) < FLASH_MS;
  for (uint8_t i = 0; i < LAMPS; i++) drive(lampPins[i], silent ? flash : lampsWanted(lampPins[i]));
}
