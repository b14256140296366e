import { keepOpen, type Opened } from '../reopen.ts';
import type { Transport } from '../serial/port.ts';
import type { BadgeReader } from './contract.ts';
import { createFrameReader, type Frame } from './frames.ts';
import { badgeNumber } from './number.ts';
import { createTaps } from './taps.ts';

/** A reader that may come and go. */
export interface ReopenedBadgeReader extends BadgeReader {
  /** Calls the listener when a reader that had failed works again. */
  onRestored(listener: () => void): void;
}

/** So many broken frames in a row are no accident. */
const brokenAtMost = 5;

/** A reader like the RDM6300 at the end of the line that `open` opens. Codes are the ten digits printed on the badge. */
export function createSerialBadgeReader(open: () => Promise<Transport>, now: () => number): ReopenedBadgeReader {
  let listeners: ((code: string) => void)[] = [];
  const tap = createTaps(now, (code) => {
    for (const listener of listeners) listener(code);
  });
  let broken = 0;

  function take(frame: Frame): void {
    const code = frame.type === 'badge' ? badgeNumber(frame.hex, 'hex') : null;
    broken = code === null ? broken + 1 : 0;
    if (code !== null) {
      line.trouble(null);
      tap(code);
    } else if (broken === brokenAtMost) {
      line.trouble('the badge reader sends rubbish: check its wiring, and that MANYI_BADGE_PORT is its own port');
    }
  }

  const line = keepOpen(async (): Promise<Opened> => {
    const port = await open();
    port.on('data', createFrameReader(take));
    const ended = new Promise<string>((resolve) => {
      port.on('close', () => resolve('the badge reader was unplugged'));
      port.on('error', (error) => resolve(`the line to the badge reader failed: ${error.message.split('\n')[0]}`));
    });
    return { ended, close: () => port.close() };
  });
  return {
    onBadge: (listener) => void listeners.push(listener),
    onFailure: line.onFailure,
    onRestored: line.onRestored,
    close() {
      listeners = [];
      line.close();
    },
  };
}
