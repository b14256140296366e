// An ATmega328P in simavr that runs the panel's program in real time, with its serial line on a pseudo terminal.
//   board <program.hex> <link to the serial line> <file of the EEPROM>
// Reads from stdin   "press <pin>": a contact between an Arduino pin and ground closes for 20 ms of the chip's time, and is
//                    then open for at least as long.
//                    "hold <pin>", "free <pin>": it closes, or opens, and stays so.
// Writes to stdout   "pin <pin> <nanoseconds of CLOCK_MONOTONIC>" when it closes, "done" when all that is over, and
//                    "lit <pin> …" when the lamps change.
// Killing it is pulling the plug: the line hangs up, and the EEPROM keeps what was written.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <simavr/avr_eeprom.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_hex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define HERTZ 16000000
#define EEPROM_BYTES 1024
#define SLICE_NS 500000
#define LONGEST_NS 1000000000ULL
#define PRESS_CYCLES (20 * (HERTZ / 1000))
#define DDRB 0x24
#define PORTB 0x25
#define DDRD 0x2A
#define PORTD 0x2B

static avr_t *avr;
static int line;
static avr_irq_t *toChip;
static bool chipTakes = true;
static uint8_t waiting[4096];
static size_t waitingFrom, waitingTo;
static int pressed;
static avr_cycle_count_t opensAt, doneAt;  // of the press that is going on; 0 for none
static uint8_t portLevels[2] = {0xFF, 0xFF};  // of the contacts at ports D and B
static bool pinsTurned = true;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void load(const char *path) {
  ihex_chunk_p chunks;
  int count = read_ihex_chunks(path, &chunks);
  if (count <= 0) fail(path);
  for (int n = 0; n < count; n++) avr_loadcode(avr, chunks[n].data, chunks[n].size, chunks[n].baseaddr);
}

// Nobody reading is no reason to wait: a serial line without a reader loses its bytes.
static void fromChip(struct avr_irq_t *irq, uint32_t byte, void *param) {
  (void)irq, (void)param;
  uint8_t one = byte;
  if (write(line, &one, 1) < 0 && errno != EAGAIN && errno != EIO) fail("the line");
}

static void chipIsReady(struct avr_irq_t *irq, uint32_t value, void *param) {
  (void)irq, (void)value;
  chipTakes = param != NULL;
}

static void connectLine(const char *link) {
  uint32_t flags = 0;
  avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
  toChip = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
  avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), fromChip, NULL);
  avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XON), chipIsReady, &line);
  avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XOFF), chipIsReady, NULL);

  int theirs;  // stays open: with its last user gone, the line would hang up
  char name[256];
  struct termios raw;
  memset(&raw, 0, sizeof raw);
  cfmakeraw(&raw);
  if (openpty(&line, &theirs, name, &raw, NULL) < 0) fail("openpty");
  fcntl(line, F_SETFL, O_NONBLOCK);
  unlink(link);
  if (symlink(name, link) < 0) fail(link);
}

static uint8_t *openEeprom(const char *path) {
  int file = open(path, O_RDWR | O_CREAT, 0600);
  if (file < 0) fail(path);
  bool blank = lseek(file, 0, SEEK_END) == 0;
  if (ftruncate(file, EEPROM_BYTES) < 0) fail(path);
  uint8_t *kept = mmap(NULL, EEPROM_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (kept == MAP_FAILED) fail(path);
  if (blank) memset(kept, 0xFF, EEPROM_BYTES);
  avr_eeprom_desc_t all = {.ee = kept, .offset = 0, .size = EEPROM_BYTES};
  avr_ioctl(avr, AVR_IOCTL_EEPROM_SET, &all);
  return kept;
}

static uint8_t *chipEeprom(void) {
  avr_eeprom_desc_t all = {.ee = NULL, .offset = 0, .size = EEPROM_BYTES};
  avr_ioctl(avr, AVR_IOCTL_EEPROM_GET, &all);
  return all.ee;
}

// The pins of a port whose own pull-up is switched on: inputs that are written high.
static uint8_t pullUps(int port) {
  return port == 0 ? avr->data[PORTD] & ~avr->data[DDRD] : avr->data[PORTB] & ~avr->data[DDRB];
}

// An open contact is high by the chip's own pull-up, and without it hangs in the air: then as bad as can be, low.
static void driveContacts(void) {
  const char ports[2] = {'D', 'B'};
  pinsTurned = false;
  for (int n = 0; n < 2; n++) {
    uint8_t levels = portLevels[n] & pullUps(n);
    avr_ioport_external_t external = {.name = ports[n], .mask = n == 0 ? 0x3C : 0x08, .value = 0};
    external.value = levels & external.mask;
    avr_ioctl(avr, AVR_IOCTL_IOPORT_SET_EXTERNAL(ports[n]), &external);
    for (int bit = 0; bit < 8; bit++) {
      if (!(external.mask & (1 << bit))) continue;
      avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(ports[n]), bit), (levels >> bit) & 1);
    }
  }
}

static void pinsTurn(struct avr_irq_t *irq, uint32_t value, void *param) {
  (void)irq, (void)value, (void)param;
  pinsTurned = true;
}

static void watchPullUps(void) {
  const char ports[2] = {'D', 'B'};
  for (int n = 0; n < 2; n++) {
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(ports[n]), IOPORT_IRQ_REG_PORT), pinsTurn, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(ports[n]), IOPORT_IRQ_DIRECTION_ALL), pinsTurn, NULL);
  }
}

static void contact(int pin, bool closed) {
  uint8_t *levels = &portLevels[pin < 8 ? 0 : 1];
  if (closed) *levels &= ~(1 << (pin & 7));
  else *levels |= 1 << (pin & 7);
  driveContacts();
}

static void feedChip(void) {
  while (chipTakes && waitingFrom < waitingTo) avr_raise_irq(toChip, waiting[waitingFrom++]);
}

// Runs the chip until its time is ours. Where the machine is too slow for that, its time passes more slowly.
static void catchUp(void) {
  static uint64_t last;
  static avr_cycle_count_t until;
  uint64_t now = nanoseconds();
  uint64_t ns = last == 0 || now - last > LONGEST_NS ? 0 : now - last;
  last = now;
  // A sleep may go beyond it, and is made up for the next time.
  until += ns * (HERTZ / 1000000) / 1000;
  while (avr->cycle < until) {
    feedChip();
    int state = avr_run(avr);
    if (state == cpu_Done || state == cpu_Crashed) exit(3);
    if (pinsTurned) driveContacts();
    if (opensAt && avr->cycle >= opensAt) {
      contact(pressed, false);
      opensAt = 0;
    }
  }
}

static void press(int pin) {
  catchUp();
  pressed = pin;
  opensAt = avr->cycle + PRESS_CYCLES;
  doneAt = opensAt + PRESS_CYCLES;
  contact(pin, true);
  printf("pin %d %llu\n", pin, (unsigned long long)nanoseconds());
}

static void takeOrders(void) {
  static char text[256];
  static size_t length;
  ssize_t got = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
  if (got == 0) exit(0);
  if (got < 0) return;
  length += got;
  text[length] = 0;
  char *end;
  while ((end = strchr(text, '\n'))) {
    int pin;
    *end = 0;
    if (sscanf(text, "press %d", &pin) == 1) press(pin);
    if (sscanf(text, "hold %d", &pin) == 1) contact(pin, true);
    if (sscanf(text, "free %d", &pin) == 1) contact(pin, false);
    length -= end + 1 - text;
    memmove(text, end + 1, length + 1);
  }
}

static void takeBytes(void) {
  if (waitingFrom == waitingTo) waitingFrom = waitingTo = 0;
  ssize_t got = read(line, waiting + waitingTo, sizeof waiting - waitingTo);
  if (got > 0) waitingTo += got;
}

static void tellLamps(void) {
  static const int pins[6] = {6, 7, 8, 9, 12, 10};
  static int told = -1;
  int lit = 0;
  for (int n = 0; n < 6; n++) {
    if (avr->data[pins[n] < 8 ? PORTD : PORTB] & (1 << (pins[n] & 7))) lit |= 1 << n;
  }
  if (lit == told) return;
  told = lit;
  printf("lit");
  for (int n = 0; n < 6; n++) {
    if (lit & (1 << n)) printf(" %d", pins[n]);
  }
  printf("\n");
}

// Sleeping is the pace of the whole program: the chip's own sleep passes at once.
static void sleepNotAtAll(avr_t *chip, avr_cycle_count_t cycles) { (void)chip, (void)cycles; }

int main(int count, char **names) {
  if (count != 4) return 2;
  avr = avr_make_mcu_by_name("atmega328p");
  if (!avr || avr_init(avr) < 0) return 2;
  avr->frequency = HERTZ;
  avr->sleep = sleepNotAtAll;
  avr->log = LOG_ERROR;
  load(names[1]);
  connectLine(names[2]);
  uint8_t *kept = openEeprom(names[3]);
  uint8_t *cells = chipEeprom();
  watchPullUps();
  driveContacts();
  setvbuf(stdout, NULL, _IOLBF, 0);
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  printf("running\n");

  struct pollfd ears[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = line, .events = POLLIN}};
  for (;;) {
    struct timespec slice = {0, SLICE_NS};
    ppoll(ears, 2, &slice, NULL);
    catchUp();
    if (ears[1].revents) takeBytes();
    memcpy(kept, cells, EEPROM_BYTES);
    tellLamps();
    if (doneAt && avr->cycle >= doneAt) {
      doneAt = 0;
      printf("done\n");
    }
    if (ears[0].revents) takeOrders();
  }
}
