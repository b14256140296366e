// The panel of a counter: keys, lamps and totals, driven over USB by the Firmata protocol. See README.md.
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <util/atomic.h>

#include "firmata.h"
#include "keys.h"
#include "lamps.h"
#include "serial.h"
#include "totals.h"

static volatile uint16_t milliseconds;
static volatile bool ticked;
static uint8_t startCause __attribute__((section(".noinit")));

// After a watchdog reset the watchdog keeps running at its shortest time: it must be stopped before anything else.
void stopWatchdog(void) __attribute__((naked, used, section(".init3")));
void stopWatchdog(void) {
  startCause = MCUSR;
  MCUSR = 0;
  wdt_disable();
}

static void startTicking(void) {
  TCCR0A = _BV(WGM01);
  TCCR0B = _BV(CS01) | _BV(CS00);
  OCR0A = F_CPU / 64 / 1000 - 1;
  TIMSK0 = _BV(OCIE0A);
}

ISR(TIMER0_COMPA_vect) {
  milliseconds++;
  ticked = true;
  keysSample();
}

static uint16_t now(void) {
  uint16_t taken;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) taken = milliseconds;
  return taken;
}

// The time since the host was last heard, which stays at SILENT_MS instead of running over.
static uint16_t silence(bool heard, uint16_t time) {
  static uint16_t last;
  static bool silent = true;
  if (heard) {
    last = time;
    silent = false;
  } else if (time - last >= SILENT_MS) {
    silent = true;
  }
  return silent ? SILENT_MS : time - last;
}

static bool takeBytes(void) {
  uint8_t byte;
  bool heard = false;
  while (serialTake(&byte)) {
    firmataTake(byte);
    heard = true;
  }
  return heard;
}

static void countPresses(void) {
  for (uint8_t key = 0; key < KEYS; key++) {
    for (uint8_t presses = keysTakePresses(key); presses > 0; presses--) totalsAdd(key);
  }
}

int main(void) {
  keysStart();
  lampsStart();
  serialStart();
  totalsStart();
  startTicking();
  sei();
  firmataGreet(startCause & _BV(WDRF));
  wdt_enable(WDTO_1S);
  for (;;) {
    bool heard = takeBytes();
    countPresses();
    firmataReport();
    totalsWork();
    lampsWork(silence(heard, now()), now());
    // Only a program whose main loop and whose timer both run is alive.
    if (ticked) {
      ticked = false;
      wdt_reset();
    }
    // Until the next interrupt, which is at most a millisecond away.
    sleep_mode();
  }
}
