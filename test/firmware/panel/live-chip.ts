import { EventEmitter } from 'node:events';
import type { Transport } from '@manyi/firmware/serial/port';
import type { Chip } from './chip.ts';

/** A chip whose time passes as ours does, on a USB cable. */
export interface LiveChip {
  /** Opens the line, as the driver does. Opening rejects while the cable is pulled. */
  open(): Promise<Transport>;
  /** Pulls the cable: the line closes, and the chip keeps its power. */
  unplug(): void;
  plug(): void;
  /** Resolves after so many milliseconds of the chip's time. */
  passed(ms: number): Promise<void>;
  /** Holds a contact closed for 20 ms, and open for as long. */
  press(pin: number): Promise<void>;
  stop(): void;
}

const longestSliceMs = 20;

/** Lets the chip's time pass. Where the machine is too slow, it passes more slowly. */
export function bringToLife(chip: Chip): LiveChip {
  let line: (Transport & EventEmitter) | null = null;
  let plugged = true;
  let last = performance.now();
  const waiting: { until: number; resolve: () => void }[] = [];
  chip.onSent = (byte) => line?.emit('data', Buffer.of(byte));

  const pump = setInterval(() => {
    const now = performance.now();
    chip.run(Math.min(now - last, longestSliceMs));
    last = now;
    for (const one of waiting.splice(0)) {
      if (chip.ms >= one.until) one.resolve();
      else waiting.push(one);
    }
  }, 1);

  const live: LiveChip = {
    async open() {
      if (!plugged) throw new Error('there is no /dev/ttyUSB0: plug the panel in');
      line = Object.assign(new EventEmitter(), {
        write: (bytes: Buffer, done: () => void) => {
          chip.send(bytes);
          setImmediate(done);
        },
        close: () => {
          line = null;
        },
      });
      return line;
    },
    unplug() {
      plugged = false;
      const gone = line;
      line = null;
      gone?.emit('close');
    },
    plug() {
      plugged = true;
    },
    passed: (ms) => new Promise((resolve) => void waiting.push({ until: chip.ms + ms, resolve })),
    async press(pin) {
      chip.contact(pin, true);
      await live.passed(20);
      chip.contact(pin, false);
      await live.passed(20);
    },
    stop: () => clearInterval(pump),
  };
  return live;
}
