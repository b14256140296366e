import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AVRClock,
  AVREEPROM,
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  AVRWatchdog,
  avrInstruction,
  CPU,
  clockConfig,
  EEPROMMemoryBackend,
  eepromConfig,
  PinState,
  portBConfig,
  portDConfig,
  timer0Config,
  usart0Config,
  watchdogConfig,
} from 'avr8js';

const hertz = 16_000_000;
const sleepInstruction = 0x9588;
const flashWords = 0x4000;
const source = new URL('../../../firmware/panel/', import.meta.url).pathname;

/** The panel's program, compiled from its source by Debian's avr-gcc: what would be flashed. */
export function compilePanel(): Uint16Array {
  const out = mkdtempSync(join(tmpdir(), 'manyi-panel-'));
  try {
    execFileSync('make', ['-s', '-C', source, `OUT=${out}`, `${out}/panel.hex`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return fromIntelHex(readFileSync(join(out, 'panel.hex'), 'ascii'));
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** The bytes of a program in Intel's hexadecimal format, in the chip's flash. */
function fromIntelHex(text: string): Uint16Array {
  const flash = new Uint8Array(2 * flashWords).fill(0xff);
  for (const line of text.split('\n')) {
    const bytes = Buffer.from(line.slice(1).trim(), 'hex');
    const [count = 0, high = 0, low = 0, kind] = bytes;
    if (kind === 0 && count > 0) flash.set(bytes.subarray(4, 4 + count), high * 256 + low);
  }
  return new Uint16Array(flash.buffer);
}

/** The power is gone: what the chip was doing stays as it is. */
export class PowerCut extends Error {}

/** An EEPROM that loses its power in the middle of a write, and leaves the byte as `spoil` makes it. */
export class CutEeprom extends EEPROMMemoryBackend {
  writesLeft = Number.POSITIVE_INFINITY;
  spoil: (old: number, wanted: number) => number = (_old, wanted) => wanted;
  private old = 0xff;

  constructor() {
    super(1024);
  }

  override eraseMemory(address: number): void {
    this.old = this.readMemory(address);
    super.eraseMemory(address);
  }

  override writeMemory(address: number, value: number): void {
    if (--this.writesLeft < 0) {
      this.memory[address] = this.spoil(this.old, value);
      throw new PowerCut();
    }
    super.writeMemory(address, value);
  }
}

/** An ATmega328P that runs a program. Time passes in `run` alone. */
export interface Chip {
  readonly cpu: CPU;
  /** Lets the chip work for some milliseconds of its own time. */
  run(ms: number): void;
  readonly ms: number;
  /** Closes or opens the contact between an Arduino pin and ground. */
  contact(pin: number, closed: boolean): void;
  isLit(pin: number): boolean;
  /** Sends to the chip, as fast as the line carries it. */
  send(bytes: Iterable<number>): void;
  /** What the chip has sent since this was last asked. */
  sent(): number[];
  onSent: (byte: number) => void;
}

/** Powers a chip up. The EEPROM outlives it. */
export function powerUp(program: Uint16Array, eeprom = new EEPROMMemoryBackend(1024)): Chip {
  const cpu = new CPU(program, 0x800);
  const ports = { b: new AVRIOPort(cpu, portBConfig), d: new AVRIOPort(cpu, portDConfig) };
  new AVRTimer(cpu, timer0Config);
  new AVREEPROM(cpu, eeprom, eepromConfig);
  new AVRWatchdog(cpu, watchdogConfig, new AVRClock(cpu, hertz, clockConfig));
  const usart = new AVRUSART(cpu, usart0Config, hertz);
  const waiting: number[] = [];
  let sent: number[] = [];
  const portOf = (pin: number) => [pin < 8 ? ports.d : ports.b, pin % 8] as const;
  resetAsTheChipDoes(cpu, usart);
  maskPinChangesAsTheChipDoes(cpu);

  const chip: Chip = {
    cpu,
    run(ms) {
      const until = cpu.cycles + (ms * hertz) / 1000;
      while (cpu.cycles < until) {
        const sleeps = cpu.progMem[cpu.pc] === sleepInstruction;
        avrInstruction(cpu);
        if (sleeps) sleep(cpu, until);
        else cpu.tick();
        if (waiting.length > 0 && !usart.rxBusy && usart.rxEnable) usart.writeByte(waiting.shift() ?? 0);
      }
    },
    get ms() {
      return (cpu.cycles * 1000) / hertz;
    },
    contact(pin, closed) {
      const [port, bit] = portOf(pin);
      port.setPin(bit, !closed);
    },
    isLit(pin) {
      const [port, bit] = portOf(pin);
      return port.pinState(bit) === PinState.High;
    },
    send: (bytes) => void waiting.push(...bytes),
    sent() {
      const taken = sent;
      sent = [];
      return taken;
    },
    onSent: (byte) => void sent.push(byte),
  };
  usart.onByteTransmit = (byte) => chip.onSent(byte);
  for (const pin of [2, 3, 4, 5, 11]) chip.contact(pin, false);
  return chip;
}

/** A chip asleep does nothing until an interrupt takes it elsewhere. */
function sleep(cpu: CPU, until: number): void {
  const { pc } = cpu;
  cpu.tick();
  while (cpu.pc === pc && cpu.cycles < until) {
    // The simulator knows when something happens next, but does not show it.
    const { nextClockEvent } = cpu as unknown as { nextClockEvent: { cycles: number } | null };
    cpu.cycles = Math.max(cpu.cycles + 1, Math.min(until, nextClockEvent?.cycles ?? until));
    cpu.tick();
  }
}

/**
 * To the chip a mask of pin changes says which pins set their port's flag. The simulator also takes it for whether the interrupt
 * of a flag that is set may come, and forgets that for every port.
 */
function maskPinChangesAsTheChipDoes(cpu: CPU): void {
  for (const { pinChange } of [portBConfig, portDConfig]) if (pinChange) delete cpu.writeHooks[pinChange.PCMSK];
}

/** The simulator's reset leaves the registers as they are; the chip's clears them. The pins stay as they are outside. */
function resetAsTheChipDoes(cpu: CPU, usart: AVRUSART): void {
  const pins = [portBConfig.PIN, portDConfig.PIN];
  const reset = cpu.reset.bind(cpu);
  cpu.reset = () => {
    const outside = pins.map((address) => cpu.data[address] ?? 0);
    cpu.data.fill(0, 0x20, 0x100);
    for (const [n, address] of pins.entries()) cpu.data[address] = outside[n] ?? 0;
    usart.reset();
    reset();
  };
}
