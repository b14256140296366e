import { existsSync } from 'node:fs';

/** A serial line that is open now. */
export interface Transport {
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  write(bytes: Buffer, done: () => void): unknown;
  /** Lets go of the line. `close` may follow or not. */
  close(): void;
}

/**
 * How often it is looked whether the device is still there. serialport alone does not notice one that goes between two reads:
 * it reads nothing, again and again, at full speed.
 */
const lookEveryMs = 1_000;

/** How a device's serial port is opened, and the setting that names it. */
export interface SerialPortOptions {
  readonly path: string;
  readonly baudRate: number;
  readonly setting: string;
}

/** Opens a serial port. Rejects with an Error of one line that names the cause and the mend. */
export async function openSerialPort({ path, baudRate, setting }: SerialPortOptions): Promise<Transport> {
  const { SerialPort } = await import('serialport').catch(() => {
    throw new Error('the package serialport is not installed: run npm ci on this machine with its compilers present');
  });
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(new Error(inWords(path, setting, error.message))) : resolve()));
  });
  const watch = setInterval(() => {
    if (!existsSync(path)) port.close(() => {});
  }, lookEveryMs);
  port.on('close', () => clearInterval(watch));
  return {
    on: (event: string, listener: (...args: never[]) => void) => port.on(event as 'data', listener as () => void),
    write: (bytes, done) => port.write(bytes, done),
    // A port that is gone already reports an error here, and there is nothing left to do about it.
    close: () => port.close(() => {}),
  };
}

function inWords(path: string, setting: string, cause: string): string {
  if (/permission denied|EACCES/i.test(cause)) {
    return `no permission for ${path}: add the agent's user to the group dialout`;
  }
  if (/no such file|ENOENT/i.test(cause)) {
    return `there is no ${path}: plug the device in, or set ${setting} to where it is (ls /dev/serial/by-id)`;
  }
  if (/lock|busy|EBUSY/i.test(cause)) {
    return `${path} is in use by another program: stop it, or set ${setting} to the device's own port`;
  }
  return `${path} cannot be opened (${cause.split('\n')[0]}): unplug the device and plug it in again, or set ${setting} to its own port`;
}
