import firmata, { type Firmata } from 'firmata-io';
import five from 'johnny-five';
import type { Frame } from '../lamps/frames.ts';
import type { Transport } from '../serial/port.ts';
import { type Line, watchLine } from './line.ts';
import { nameMessage, toSevenBits, totalsMessage } from './totals.ts';
import { badgeLampPin, faceLampPins, keyPins } from './wiring.ts';

/** A panel that answers. */
export interface Session {
  /** Whether it runs our own program: then its keys are free from bounce, and it counts them. */
  readonly isOurs: boolean;
  /** Calls the listener with every report of a key, as a number from 0, and whether it is down. */
  onKey(listener: (key: number, down: boolean) => void): void;
  /** Calls the listener when the panel has started anew on an open line: it has forgotten what its lamps were told. */
  onRestart(listener: () => void): void;
  /** Calls the listener with the body of every totals message (see totals.ts). */
  onTotals(listener: (body: readonly number[]) => void): void;
  /** Asks for the totals. A panel with another program gives no answer. */
  askTotals(): void;
  /** Gives the panel its number, 1 … 2³² − 1, if it has none. */
  name(panel: number): void;
  light(frame: Frame): void;
  /** Settles with one line of cause when the session has ended. */
  readonly ended: Promise<string>;
  close(): void;
}

const readyWithinMs = 10_000;
const askAgainMs = 1_000;
const versionAndFirmwareQuery = [0xf9, 0xf0, 0x79, 0xf7];
/** Pin modes of the Firmata protocol. */
const [inputMode, outputMode] = [0, 1];
const pullUpMode: number = 11;
const totalsHeard = 'manyi-totals';

/** Greets the board on the line. Rejects with an Error of one line when it does not answer as a Firmata board does. */
export async function openSession(transport: Transport): Promise<Session> {
  const line = watchLine(transport);
  const io = new firmata.Firmata(line.guarded, { reportVersionTimeout: 200 });
  try {
    await ready(io, line);
    checkKeys(io);
  } catch (error) {
    line.close();
    throw error;
  }
  line.watch();
  hearTotals(io);
  const board = new five.Board({ io, repl: false, debug: false, sigint: false } as five.BoardOption);
  await new Promise<void>((resolve) => board.on('ready', resolve));
  setModes(board, io);

  return {
    isOurs: io.firmware.name.startsWith('ManyiPanel'),
    // Not by johnny-five's Button: it joins a press and a release that arrive within 7 ms into a release.
    onKey(listener) {
      for (const [key, pin] of keyPins.entries()) board.digitalRead(pin, (level) => listener(key, level === 0));
    },
    onRestart(listener) {
      io.on('queryfirmware', () => {
        setModes(board, io);
        for (const pin of keyPins) io.reportDigitalPin(pin, 1);
        listener();
      });
    },
    onTotals: (listener) => void io.on(totalsHeard, listener),
    askTotals: () => io.sysexCommand([totalsMessage]),
    name: (panel) => io.sysexCommand([nameMessage, ...toSevenBits(panel)]),
    light({ faces, badge }) {
      holdUp(io);
      for (const pin of faceLampPins) board.digitalWrite(pin, faces ? 1 : 0);
      board.digitalWrite(badgeLampPin, badge ? 1 : 0);
    },
    ended: line.ended,
    close: line.close,
  };
}

function setModes(board: five.Board, io: Firmata): void {
  for (const pin of [...faceLampPins, badgeLampPin]) board.pinMode(pin, outputMode);
  for (const pin of keyPins) board.pinMode(pin, (knows(io, pin, pullUpMode) ? pullUpMode : inputMode) as five.PinMode);
  holdUp(io);
  for (const pin of keyPins) if (!knows(io, pin, pullUpMode)) board.digitalWrite(pin, 1);
}

/**
 * StandardFirmata before 2.5 has no mode for pull-ups: writing an input high switches its own on. A lamp is written with its whole
 * port, in which a key that is down was last read as low: written so, its pull-up would go off.
 */
function holdUp(io: Firmata): void {
  for (const pin of keyPins) io.ports[pin >> 3] = (io.ports[pin >> 3] ?? 0) | (1 << (pin & 7));
}

function knows(io: Firmata, pin: number, mode: number): boolean {
  return io.pins[pin]?.supportedModes.includes(mode) ?? false;
}

/** Asks again and again: the first questions may fall into the time in which the board's boot loader listens. */
async function ready(io: Firmata, line: Line): Promise<void> {
  let tooLate: NodeJS.Timeout | undefined;
  const asking = setInterval(() => line.write(versionAndFirmwareQuery), askAgainMs);
  const outcome = await Promise.race([
    new Promise<null>((resolve) => io.once('ready', () => resolve(null))),
    new Promise<string>((resolve) => {
      tooLate = setTimeout(() => resolve('no Firmata board answers: flash firmware/panel onto it'), readyWithinMs);
    }),
    line.ended,
  ]);
  clearInterval(asking);
  clearTimeout(tooLate);
  if (outcome !== null) throw new Error(outcome);
}

/** Throws an Error of one line when the board's program cannot read where our keys are. */
function checkKeys(io: Firmata): void {
  if (keyPins.every((pin) => knows(io, pin, pullUpMode) || knows(io, pin, inputMode))) return;
  throw new Error(
    `the board's program (${io.firmware.name}) cannot read keys at D${keyPins.join(', D')}: flash firmware/panel onto it`,
  );
}

let answering = false;

/** firmata-io keeps its handlers for all boards of a process together. */
function hearTotals(io: Firmata): void {
  if (answering) return;
  answering = true;
  io.sysexResponse(totalsMessage, function (body) {
    this.emit(totalsHeard, body);
  });
}
