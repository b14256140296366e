#include "firmata.h"

#include "keys.h"
#include "lamps.h"
#include "serial.h"
#include "totals.h"

#define DIGITAL_MESSAGE 0x90
#define REPORT_DIGITAL 0xD0
#define SYSEX 0xF0
#define SET_PIN_MODE 0xF4
#define SET_PIN 0xF5
#define SYSEX_END 0xF7
#define REPORT_VERSION 0xF9
#define SYSTEM_RESET 0xFF

#define TOTALS 0x01
#define NAME 0x02
#define ANALOG_MAPPING_QUERY 0x69
#define ANALOG_MAPPING 0x6A
#define CAPABILITY_QUERY 0x6B
#define CAPABILITIES 0x6C
#define PIN_STATE_QUERY 0x6D
#define PIN_STATE 0x6E
#define FIRMWARE 0x79

#define MODE_INPUT 0
#define MODE_OUTPUT 1
#define MODE_PULLUP 11

#define PORTS 2
#define LONGEST 16
#define NUMBER_BYTES 5

static const char name[] = "ManyiPanel";
static const uint8_t release[2] = {1, 0};

static uint8_t message[LONGEST];
static uint8_t filled;  // bytes of the message so far; LONGEST means that it is too long to be understood
static bool reporting[PORTS];
static uint8_t reported[PORTS];
static bool startedByWatchdog;

static uint8_t keyAt(uint8_t pin) {
  for (uint8_t key = 0; key < KEYS; key++) {
    if (keyPins[key] == pin) return key;
  }
  return NO_KEY;
}

static void sendVersion(void) {
  serialSend(REPORT_VERSION);
  serialSend(2);
  serialSend(5);
}

static void sendFirmware(void) {
  serialSend(SYSEX);
  serialSend(FIRMWARE);
  serialSend(release[0]);
  serialSend(release[1]);
  for (const char *letter = name; *letter; letter++) {
    serialSend(*letter);
    serialSend(0);
  }
  serialSend(SYSEX_END);
}

static void sendCapabilities(void) {
  serialSend(SYSEX);
  serialSend(CAPABILITIES);
  for (uint8_t pin = 0; pin < PINS; pin++) {
    if (keyAt(pin) != NO_KEY) {
      serialSend(MODE_INPUT);
      serialSend(1);
      serialSend(MODE_PULLUP);
      serialSend(1);
    } else if (lampsHas(pin)) {
      serialSend(MODE_OUTPUT);
      serialSend(1);
    }
    serialSend(0x7F);
  }
  serialSend(SYSEX_END);
}

static void sendAnalogMapping(void) {
  serialSend(SYSEX);
  serialSend(ANALOG_MAPPING);
  for (uint8_t pin = 0; pin < PINS; pin++) serialSend(0x7F);
  serialSend(SYSEX_END);
}

static void sendPinState(uint8_t pin) {
  bool key = keyAt(pin) != NO_KEY;
  serialSend(SYSEX);
  serialSend(PIN_STATE);
  serialSend(pin);
  serialSend(key ? MODE_PULLUP : MODE_OUTPUT);
  serialSend(key ? 1 : lampsWanted(pin));
  serialSend(SYSEX_END);
}

static void sendNumber(uint32_t number) {
  for (uint8_t i = 0; i < NUMBER_BYTES; i++) {
    serialSend(number & 0x7F);
    number >>= 7;
  }
}

static void sendTotals(void) {
  serialSend(SYSEX);
  serialSend(TOTALS);
  serialSend(1);
  serialSend(totalsWorn() | startedByWatchdog << 1);
  sendNumber(totalsPanel());
  for (uint8_t counter = 0; counter < COUNTERS; counter++) sendNumber(totalsGet(counter));
  serialSend(SYSEX_END);
}

// The keys of a port as levels of their pins: a key that is down pulls its pin to 0.
static uint8_t levels(uint8_t port) {
  uint8_t down = keysDown();
  uint8_t bits = 0;
  for (uint8_t key = 0; key < KEYS; key++) {
    if (keyPins[key] / 8 == port && !(down & (1 << key))) bits |= 1 << (keyPins[key] & 7);
  }
  return bits;
}

static void sendPort(uint8_t port) {
  reported[port] = levels(port);
  serialSend(DIGITAL_MESSAGE | port);
  serialSend(reported[port] & 0x7F);
  serialSend(reported[port] >> 7);
}

static void takeName(void) {
  uint32_t number = 0;
  if (filled != 2 + NUMBER_BYTES) return;
  for (uint8_t i = NUMBER_BYTES; i > 0; i--) number = number << 7 | message[1 + i];
  totalsName(number);
}

static void takeSysex(void) {
  switch (message[1]) {
    case TOTALS: return sendTotals();
    case NAME: return takeName();
    case FIRMWARE: return sendFirmware();
    case CAPABILITY_QUERY: return sendCapabilities();
    case ANALOG_MAPPING_QUERY: return sendAnalogMapping();
    case PIN_STATE_QUERY: if (filled == 3 && message[2] < PINS) sendPinState(message[2]);
  }
}

static void writePort(uint8_t port, uint8_t bits) {
  for (uint8_t i = 0; i < 8; i++) lampsWrite(port * 8 + i, bits & (1 << i));
}

static void reset(void) {
  for (uint8_t port = 0; port < PORTS; port++) reporting[port] = false;
  lampsAllOff();
}

// Carries out a message without system exclusive once it is whole; false until then.
static bool takeShort(void) {
  uint8_t command = message[0] < SYSEX ? message[0] & 0xF0 : message[0];
  uint8_t port = message[0] & 0x0F;
  if (command == REPORT_DIGITAL) {
    if (filled < 2) return false;
    if (port < PORTS && (reporting[port] = message[1])) sendPort(port);
    return true;
  }
  if (filled < 3) return false;
  if (command == DIGITAL_MESSAGE && port < PORTS) writePort(port, message[1] | message[2] << 7);
  if (command == SET_PIN) lampsWrite(message[1], message[2]);
  // Pin modes are what is soldered: SET_PIN_MODE has nothing to change.
  return true;
}

static void begin(uint8_t byte) {
  filled = 0;
  if (byte == REPORT_VERSION) sendVersion();
  else if (byte == SYSTEM_RESET) reset();
  else message[filled++] = byte;
}

void firmataTake(uint8_t byte) {
  if (byte == SYSEX_END) {
    if (filled >= 2 && filled < LONGEST && message[0] == SYSEX) takeSysex();
    filled = 0;
  } else if (byte & 0x80) {
    begin(byte);
  } else if (filled > 0 && filled < LONGEST) {
    message[filled++] = byte;
    if (message[0] != SYSEX && takeShort()) filled = 0;
  }
}

void firmataGreet(bool watchdogStarted) {
  startedByWatchdog = watchdogStarted;
  sendVersion();
  sendFirmware();
}

void firmataReport(void) {
  for (uint8_t port = 0; port < PORTS; port++) {
    if (reporting[port] && levels(port) != reported[port]) sendPort(port);
  }
}
