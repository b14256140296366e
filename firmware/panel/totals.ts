/** The panel's own count of its presses, which it keeps through power cuts. See totals.h. */
export interface PanelTotals {
  /** The panel's number, in hexadecimal; null while nobody has given it one. */
  readonly panel: string | null;
  /** Presses of every key since the panel's first start, in the order of the keys. */
  readonly presses: readonly number[];
  /** How often the panel's program has started. */
  readonly starts: number;
  /** A cell of its memory can no longer be written: some of the last presses may be missing after a power cut. */
  readonly worn: boolean;
  /** The program hung, and its watchdog started it anew. */
  readonly startedByWatchdog: boolean;
}

/** The system exclusive message that asks for the totals, and that carries them. */
export const totalsMessage = 0x01;
/** The one that gives a panel its number. */
export const nameMessage = 0x02;

const format = 1;
const numberBytes = 5;

/** Reads the body of a totals message. Throws an Error of one line when it is none. */
export function parseTotals(body: readonly number[]): PanelTotals {
  const [version, flags = 0, ...rest] = body;
  if (version !== format)
    throw new Error(
      `the panel tells its totals in format ${version}, not in ${format}: flash this version's firmware/panel onto it`,
    );
  const numbers = Array.from({ length: Math.floor(rest.length / numberBytes) }, (_, n) =>
    fromSevenBits(rest.slice(n * numberBytes, (n + 1) * numberBytes)),
  );
  const [panel = 0, ...counts] = numbers;
  const starts = counts.pop();
  if (starts === undefined || counts.length === 0)
    throw new Error('the panel told its totals in part only: flash firmware/panel onto it anew');
  return {
    panel: panel === 0 ? null : panel.toString(16).padStart(8, '0'),
    presses: counts,
    starts,
    worn: (flags & 1) !== 0,
    startedByWatchdog: (flags & 2) !== 0,
  };
}

/** A number of up to 32 bits in the 7-bit bytes of a system exclusive message, lowest first. */
export function toSevenBits(number: number): number[] {
  return Array.from({ length: numberBytes }, (_, n) => Math.floor(number / 2 ** (7 * n)) & 0x7f);
}

function fromSevenBits(bytes: readonly number[]): number {
  return bytes.reduceRight((number, byte) => number * 0x80 + byte, 0);
}
