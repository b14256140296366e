import { randomInt } from 'node:crypto';
import { createContact } from '../buttons/contact.ts';
import { createFramePlayer, type Frame } from '../lamps/frames.ts';
import type { Session } from './session.ts';
import { type PanelTotals, parseTotals } from './totals.ts';
import type { Transport } from './transport.ts';

/** A panel on a USB port that may come and go. It is opened anew for ever, a second after it was lost and then less often. */
export interface UsbPanel {
  /** A key went down: its number, best level first from 0, and the milliseconds of the clock given. */
  onPress(listener: (key: number, at: number) => void): void;
  onFailure(listener: (cause: string) => void): void;
  /** Calls the listener when a panel that had failed works again. */
  onRestored(listener: () => void): void;
  /** Calls the listener with the panel's own totals: whenever it has started or been found, and every hour. */
  onTotals(listener: (totals: PanelTotals) => void): void;
  readonly lamps: ReturnType<typeof createFramePlayer>;
  close(): void;
}

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;
const totalsEveryMs = 3_600_000;

/** Opens the panel at the end of the line that `open` opens. Rejections of `open` are one line of cause. */
export function createUsbPanel(open: () => Promise<Transport>, now: () => number): UsbPanel {
  const pressed: ((key: number, at: number) => void)[] = [];
  const failed: ((cause: string) => void)[] = [];
  const restored: (() => void)[] = [];
  const counted: ((totals: PanelTotals) => void)[] = [];
  let session: Session | null = null;
  let waitMs = firstWaitMs;
  let cause: string | null = null;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  const hourly = setInterval(() => session?.askTotals(), totalsEveryMs);
  const lamps = createFramePlayer((frame: Frame) => session?.light(frame));

  function fail(why: string): void {
    if (closed) return;
    if (why !== cause) for (const listener of failed) listener(why);
    cause = why;
    retry = setTimeout(connect, waitMs);
    waitMs = Math.min(2 * waitMs, longestWaitMs);
  }

  function press(key: number, at: number): void {
    if (!closed) for (const listener of pressed) listener(key, at);
  }

  function take(found: Session, body: readonly number[]): void {
    try {
      const totals = parseTotals(body);
      if (totals.panel !== null) for (const listener of counted) listener(totals);
      else nameIt(found);
    } catch (error) {
      for (const listener of failed) listener((error as Error).message);
    }
  }

  function begin(found: Session): void {
    session = found;
    waitMs = firstWaitMs;
    found.onKey(keysOf(found.isOurs, now, press));
    found.onTotals((body) => take(found, body));
    found.onRestart(() => resume(found));
    resume(found);
    if (cause !== null) for (const listener of restored) listener();
    cause = null;
  }

  function resume(found: Session): void {
    lamps.refresh();
    if (found.isOurs) found.askTotals();
  }

  async function connect(): Promise<void> {
    try {
      // Here, so that a terminal without such a panel does not load johnny-five.
      const { openSession } = await import('./session.ts');
      const found = await openSession(await open());
      if (closed) return found.close();
      begin(found);
      const why = await found.ended;
      session = null;
      found.close();
      fail(why);
    } catch (error) {
      fail((error as Error).message);
    }
  }

  void connect();
  return {
    onPress: (listener) => void pressed.push(listener),
    onFailure: (listener) => void failed.push(listener),
    onRestored: (listener) => void restored.push(listener),
    onTotals: (listener) => void counted.push(listener),
    lamps,
    close() {
      if (closed) return;
      lamps.close();
      closed = true;
      clearTimeout(retry);
      clearInterval(hourly);
      session?.close();
    },
  };
}

/** A panel is told from others by a number it is given once; the totals that follow carry it. */
function nameIt(session: Session): void {
  session.name(randomInt(1, 2 ** 32));
  session.askTotals();
}

/** What a report of a key means. The first one only says how the key stands. Another program leaves the bounce to us. */
function keysOf(debounced: boolean, now: () => number, press: (key: number, at: number) => void) {
  const down: (boolean | undefined)[] = [];
  const contacts = new Map<number, ReturnType<typeof createContact>>();
  return (key: number, isDown: boolean) => {
    const was = down[key];
    if (was === isDown) return;
    down[key] = isDown;
    if (was === undefined) return;
    if (debounced) {
      if (isDown) press(key, now());
      return;
    }
    const contact = contacts.get(key) ?? createContact(now, (at) => press(key, at));
    contacts.set(key, contact);
    contact.edge(isDown, now());
  };
}
