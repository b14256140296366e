#include "totals.h"

#include <avr/eeprom.h>
#include <util/crc16.h>

#define RECORD 4
#define RING (SLOTS * RECORD)
#define NAME_AT (COUNTERS * RING)
#define HIGHEST 0xFFFFFFUL

static uint32_t totals[COUNTERS];
static uint32_t stored[COUNTERS];
static uint32_t panel;
static bool worn;

// The record being written: its bytes, where they go, and how many are done. A length of 0 is none.
static uint8_t bytes[5];
static uint16_t at;
static uint8_t length;
static uint8_t done;

static uint8_t crc8(const uint8_t *from, uint8_t count) {
  uint8_t crc = 0x5A;  // so that neither an erased nor a zeroed record is right
  while (count--) crc = _crc8_ccitt_update(crc, *from++);
  return crc;
}

static uint8_t readByte(uint16_t address) { return eeprom_read_byte((const uint8_t *)address); }

static uint16_t slotAt(uint8_t counter, uint32_t total) { return counter * RING + (total % SLOTS) * RECORD; }

static bool holds(uint8_t counter, uint32_t total) {
  uint16_t address = slotAt(counter, total);
  uint8_t record[RECORD];
  for (uint8_t i = 0; i < RECORD; i++) record[i] = readByte(address + i);
  return record[0] == (uint8_t)total && record[1] == (uint8_t)(total >> 8) && record[2] == (uint8_t)(total >> 16) &&
         record[3] == crc8(record, 3);
}

static uint32_t totalInSlot(uint8_t counter, uint8_t slot) {
  uint16_t address = slotAt(counter, slot);
  return readByte(address) | (uint32_t)readByte(address + 1) << 8 | (uint32_t)readByte(address + 2) << 16;
}

// One worn cell leaves one hole, so the record two before is enough.
static bool follows(uint8_t counter, uint32_t total) {
  return total <= 2 || holds(counter, total - 1) || holds(counter, total - 2);
}

static uint32_t highestBelow(uint8_t counter, uint32_t limit) {
  uint32_t best = 0;
  for (uint8_t slot = 0; slot < SLOTS; slot++) {
    uint32_t total = totalInSlot(counter, slot);
    if (total > best && total < limit && total % SLOTS == slot && holds(counter, total)) best = total;
  }
  return best;
}

static uint32_t newest(uint8_t counter) {
  uint32_t total = highestBelow(counter, HIGHEST + 1);
  while (!follows(counter, total)) total = highestBelow(counter, total);
  return total;
}

static void readName(void) {
  uint8_t name[5];
  for (uint8_t i = 0; i < 5; i++) name[i] = readByte(NAME_AT + i);
  if (name[4] != crc8(name, 4)) return;
  panel = name[0] | (uint32_t)name[1] << 8 | (uint32_t)name[2] << 16 | (uint32_t)name[3] << 24;
}

void totalsStart(void) {
  for (uint8_t counter = 0; counter < COUNTERS; counter++) totals[counter] = stored[counter] = newest(counter);
  readName();
  totalsAdd(STARTS);
}

void totalsAdd(uint8_t counter) {
  if (totals[counter] < HIGHEST) totals[counter]++;
}

static void prepare(uint16_t address, uint32_t value, uint8_t valueBytes) {
  for (uint8_t i = 0; i < valueBytes; i++) bytes[i] = value >> (8 * i);
  bytes[valueBytes] = crc8(bytes, valueBytes);
  at = address;
  length = valueBytes + 1;
  done = 0;
}

static void prepareNext(void) {
  for (uint8_t counter = 0; counter < COUNTERS; counter++) {
    if (stored[counter] == totals[counter]) continue;
    stored[counter]++;
    prepare(slotAt(counter, stored[counter]), stored[counter], 3);
    return;
  }
}

static void verify(void) {
  for (uint8_t i = 0; i < length; i++) {
    if (readByte(at + i) != bytes[i]) worn = true;
  }
  length = 0;
}

void totalsWork(void) {
  if (!eeprom_is_ready()) return;
  if (length == 0) prepareNext();
  if (length == 0) return;
  while (done < length && readByte(at + done) == bytes[done]) done++;
  if (done == length) return verify();
  eeprom_write_byte((uint8_t *)(at + done), bytes[done]);
  done++;
}

uint32_t totalsGet(uint8_t counter) { return totals[counter]; }

bool totalsWorn(void) { return worn; }

uint32_t totalsPanel(void) { return panel; }

void totalsName(uint32_t name) {
  if (panel != 0 || name == 0 || length != 0) return;
  panel = name;
  prepare(NAME_AT, name, 4);
}
