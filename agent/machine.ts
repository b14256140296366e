import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';

/** What the agent learns of time from the machine under it. Milliseconds. */
export interface Machine {
  /** A UUID that changes with every start of the machine. */
  readonly boot: string;
  /** Since the machine started, time asleep included; never steps back within a run. */
  uptimeMs(): number;
  /** The wall clock, right or wrong (epoch). */
  wallMs(): number;
  /** Whether a time service is known to have set the wall clock. */
  synced(): boolean;
}

/** The runtime's fine clock stands still while the machine sleeps: how far behind the kernel's it may fall, and how often they are compared. */
const leapMs = 1000;
const compareEveryMs = 1000;

/** This machine. Where Linux tells no boot, every run counts as one. */
export function thisMachine(): Machine {
  let base = bootTimeMs() - performance.now();
  let compared = performance.now();
  return {
    boot: readText('/proc/sys/kernel/random/boot_id') ?? randomUUID(),
    uptimeMs: () => {
      const awake = performance.now();
      if (awake - compared > compareEveryMs) {
        const ahead = bootTimeMs() - (base + awake);
        if (ahead > leapMs) base += ahead;
        compared = awake;
      }
      return base + awake;
    },
    wallMs: () => Date.now(),
    // Written by systemd-timesyncd at its first success in a boot; other time services leave it out, and then the hub is asked.
    synced: () => existsSync('/run/systemd/timesync/synchronized'),
  };
}

/** CLOCK_BOOTTIME from /proc/uptime, in hundredths of a second; the runtime's own count elsewhere. */
function bootTimeMs(): number {
  const seconds = Number(readText('/proc/uptime')?.split(' ')[0]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : uptime() * 1000;
}

/**
 * A fingerprint of the hardware and its installation, to which an outbox is bound: the board's serial number (a copied
 * card keeps everything else), the installation's id, and the addresses of built-in network ports.
 */
export function machineFingerprint(): string {
  const traces = [
    readText('/proc/device-tree/serial-number'),
    readText('/etc/machine-id'),
    ...portAddresses('/sys/class/net'),
  ];
  return createHash('sha256').update(traces.join('\n')).digest('hex');
}

/** Addresses of ports with a device on a board bus; what is plugged in by USB may change from day to day. */
function portAddresses(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const onBoard = (port: string) =>
    existsSync(join(folder, port, 'device')) && !/\busb\d/.test(readText(join(folder, port, 'device/uevent')) ?? '');
  return readdirSync(folder)
    .sort()
    .filter(onBoard)
    .map((port) => readText(join(folder, port, 'address')) ?? '');
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').replaceAll('\0', '').trim();
  } catch {
    return null;
  }
}
