import { randomInt } from 'node:crypto';
import { createContact } from '../buttons/contact.ts';
import { watchForStuckKeys } from '../buttons/keys.ts';
import { createFramePlayer, type Frame } from '../lamps/frames.ts';
import { keepOpen } from '../reopen.ts';
import type { Transport } from '../serial/port.ts';
import type { Session } from './session.ts';
import { type PanelTotals, parseTotals } from './totals.ts';
import { keyPins } from './wiring.ts';

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

const totalsEveryMs = 3_600_000;
const keyNames = keyPins.map((pin) => `D${pin} of the panel`);
const wornOut = 'the memory of the panel is worn: its totals may lose presses in a power cut, so change its board';

/** Opens the panel at the end of the line that `open` opens. Rejections of `open` are one line of cause. */
export function createUsbPanel(open: () => Promise<Transport>, now: () => number): UsbPanel {
  const pressed: ((key: number, at: number) => void)[] = [];
  const counted: ((totals: PanelTotals) => void)[] = [];
  let session: Session | null = null;
  let closed = false;
  const hourly = setInterval(() => session?.askTotals(), totalsEveryMs);
  const lamps = createFramePlayer((frame: Frame) => session?.light(frame));

  function press(key: number, at: number): void {
    if (!closed) for (const listener of pressed) listener(key, at);
  }

  function takeTotals(from: Session, body: readonly number[]): void {
    try {
      const totals = parseTotals(body);
      line.trouble(null, 'totals');
      if (totals.worn) line.trouble(wornOut, 'memory');
      if (totals.panel === null) nameIt(from);
      else for (const listener of counted) listener(totals);
    } catch (error) {
      line.trouble((error as Error).message, 'totals');
    }
  }

  function resume(found: Session): void {
    lamps.refresh();
    if (found.isOurs) found.askTotals();
  }

  async function connect(): Promise<Session> {
    // Here, so that a terminal without such a panel does not load johnny-five.
    const { openSession } = await import('./session.ts');
    const found = await openSession(await open());
    session = found;
    const stuck = watchForStuckKeys(keyNames, (cause, name) => line.trouble(cause, name));
    void found.ended.then(() => {
      session = null;
      stuck.close();
    });
    const take = keysOf(found.isOurs, now, press);
    found.onKey((key, down) => {
      stuck.stands(key, down);
      take(key, down);
    });
    found.onTotals((body) => takeTotals(found, body));
    found.onRestart(() => resume(found));
    resume(found);
    return found;
  }

  const line = keepOpen(connect);
  return {
    onPress: (listener) => void pressed.push(listener),
    onFailure: line.onFailure,
    onRestored: line.onRestored,
    onTotals: (listener) => void counted.push(listener),
    lamps,
    close() {
      if (closed) return;
      lamps.close();
      closed = true;
      clearInterval(hourly);
      line.close();
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
