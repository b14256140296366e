/** The part of firmata-io 2.3 that the driver of a panel uses; the package brings no types. */
declare module 'firmata-io' {
  import type { EventEmitter } from 'node:events';

  export interface FirmataTransport {
    on(event: 'data' | 'close' | 'error' | 'open', listener: (bytes: Buffer) => void): unknown;
    write(bytes: Buffer, done: () => void): unknown;
  }

  export interface Firmata extends EventEmitter {
    readonly firmware: { readonly name: string };
    readonly pins: readonly { readonly supportedModes: readonly number[] }[];
    /** What it takes each port of eight pins for: a write to one pin writes its whole port so. */
    readonly ports: number[];
    reportDigitalPin(pin: number, wanted: 0 | 1): void;
    sysexCommand(message: readonly number[]): void;
    sysexResponse(command: number, handler: (this: Firmata, data: number[]) => void): void;
  }

  const withoutTransport: {
    readonly Firmata: new (transport: FirmataTransport, options: { reportVersionTimeout: number }) => Firmata;
  };
  export default withoutTransport;
}
