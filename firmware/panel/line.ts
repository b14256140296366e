import type { FirmataTransport } from 'firmata-io';
import type { Transport } from '../serial/port.ts';

/** A line under watch: it ends when it closes, fails, carries rubbish, or when the panel no longer answers. */
export interface Line {
  /** For firmata-io, which throws where a message makes no sense: that ends the line, not the program. */
  readonly guarded: FirmataTransport;
  /** Settles with one line of cause. */
  readonly ended: Promise<string>;
  /** Keeps asking the panel for a sign of life from now on. */
  watch(): void;
  write(bytes: readonly number[]): void;
  close(): void;
}

/** How often the panel hears from us, so that it does not show the pattern of a silent host (after 5 s), and we from it. */
const askEveryMs = 1_500;
const silentAfterMs = 6_000;
const versionQuery = [0xf9];
const silent = 'the panel no longer answers: unplug it and plug it in again, or flash firmware/panel onto it anew';

/** Takes over an open line. */
export function watchLine(transport: Transport): Line {
  let heardAt = performance.now();
  let asking: NodeJS.Timeout | undefined;
  let finish: (cause: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    finish = (cause) => {
      clearInterval(asking);
      resolve(cause);
    };
  });
  const write = (bytes: readonly number[]) => void transport.write(Buffer.from(bytes), () => {});

  function hear(listener: (bytes: Buffer) => void, bytes: Buffer): void {
    heardAt = performance.now();
    try {
      listener(bytes);
    } catch {
      finish('the panel sends what no Firmata board sends: check its cable, and that firmware/panel is on it');
    }
  }

  transport.on('close', () => finish('the panel was unplugged: plug it in again'));
  transport.on('error', (error) =>
    finish(`the line to the panel failed (${error.message.split('\n')[0]}): check its cable, and plug it in again`),
  );
  return {
    guarded: {
      on: (event, listener) => event === 'data' && transport.on('data', (bytes) => hear(listener, bytes)),
      write: (bytes, done) => transport.write(bytes, done),
    },
    ended,
    watch() {
      heardAt = performance.now();
      asking = setInterval(() => {
        if (performance.now() - heardAt > silentAfterMs) finish(silent);
        else write(versionQuery);
      }, askEveryMs);
    },
    write,
    close() {
      finish('the panel was let go');
      transport.close();
    },
  };
}
