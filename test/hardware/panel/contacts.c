// An ATmega328P in simavr that runs the panel's program as fast as it can, with one contact between D2 and ground.
//   contacts <program.hex>
// Reads from stdin    16-bit numbers, lowest byte first: how long the contact stays closed and open in turn, in hundredths of a
//                     millisecond of the chip's time; a 0 ends a trace, and the next begins closed again.
// Writes to stdout    a line for each trace: the presses that the panel has told since the one before, after 15 ms more of rest.
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_hex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define HERTZ 16000000
#define CYCLES_PER_STEP (HERTZ / 100000)
#define REST_CYCLES (15 * (HERTZ / 1000))
#define START_CYCLES (60 * (HERTZ / 1000))
#define DIGITAL_PORT_D 0x90
#define KEY_BIT 0x04
#define PORT_D_KEYS 0x3C
#define PORT_B_KEYS 0x08

static avr_t *avr;
static avr_irq_t *pin;
static int presses;
static bool due;

static void load(const char *path) {
  ihex_chunk_p chunks;
  int count = read_ihex_chunks(path, &chunks);
  if (count <= 0) exit(2);
  for (int n = 0; n < count; n++) avr_loadcode(avr, chunks[n].data, chunks[n].size, chunks[n].baseaddr);
}

// A digital message is its command and the levels of a port; a level of 0 is a key that is down.
static void fromChip(struct avr_irq_t *irq, uint32_t byte, void *param) {
  static uint8_t before;
  static bool wasDown;
  (void)irq, (void)param;
  if (before == DIGITAL_PORT_D) {
    bool isDown = !(byte & KEY_BIT);
    if (isDown && !wasDown) presses++;
    wasDown = isDown;
  }
  before = byte;
}

static avr_cycle_count_t isDue(avr_t *chip, avr_cycle_count_t when, void *param) {
  (void)chip, (void)when, (void)param;
  due = true;
  return 0;
}

// A timer of its own, so that a sleep of the chip ends at the very cycle.
static void run(avr_cycle_count_t cycles) {
  due = false;
  avr_cycle_timer_register(avr, cycles, isDue, NULL);
  while (!due) {
    int state = avr_run(avr);
    if (state == cpu_Done || state == cpu_Crashed) exit(3);
  }
}

// All contacts but the one are open, against the chip's own pull-ups.
static void contact(bool closed) {
  avr_ioport_external_t port = {.name = 'D', .mask = PORT_D_KEYS, .value = PORT_D_KEYS & ~(closed ? KEY_BIT : 0)};
  avr_ioctl(avr, AVR_IOCTL_IOPORT_SET_EXTERNAL('D'), &port);
  avr_raise_irq(pin, !closed);
}

static void openContacts(void) {
  avr_ioport_external_t port = {.name = 'B', .mask = PORT_B_KEYS, .value = PORT_B_KEYS};
  avr_ioctl(avr, AVR_IOCTL_IOPORT_SET_EXTERNAL('B'), &port);
  for (int bit = 0; bit < 8; bit++) {
    if (PORT_D_KEYS & (1 << bit)) avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('D'), bit), 1);
    if (PORT_B_KEYS & (1 << bit)) avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('B'), bit), 1);
  }
  contact(false);
}

static void askForKeys(void) {
  uint32_t flags = 0;
  avr_irq_t *toChip = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
  avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
  run(START_CYCLES);
  avr_raise_irq(toChip, 0xD0);
  avr_raise_irq(toChip, 1);
  run(START_CYCLES);
  avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), fromChip, NULL);
}

static void sleepNotAtAll(avr_t *chip, avr_cycle_count_t cycles) { (void)chip, (void)cycles; }

int main(int count, char **names) {
  if (count != 2) return 2;
  avr = avr_make_mcu_by_name("atmega328p");
  if (!avr || avr_init(avr) < 0) return 2;
  avr->frequency = HERTZ;
  avr->sleep = sleepNotAtAll;
  avr->log = LOG_ERROR;
  load(names[1]);
  pin = avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('D'), 2);
  openContacts();
  askForKeys();

  bool closed = false;
  int low, high;
  while ((low = getchar()) >= 0 && (high = getchar()) >= 0) {
    int steps = low | high << 8;
    if (steps > 0) {
      contact(closed = !closed);
      run((avr_cycle_count_t)steps * CYCLES_PER_STEP);
      continue;
    }
    contact(closed = false);
    run(REST_CYCLES);
    printf("%d\n", presses);
    presses = 0;
  }
}
