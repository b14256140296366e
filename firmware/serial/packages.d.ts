/** The part of serialport 13 in use: declared here, so that the build does not need an optional package. */
declare module 'serialport' {
  import type { Duplex } from 'node:stream';

  export class SerialPort extends Duplex {
    constructor(options: { path: string; baudRate: number; autoOpen: false });
    open(done: (error: Error | null) => void): void;
    close(done: (error: Error | null) => void): void;
  }
}
