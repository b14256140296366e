import type { Transport } from '../serial/port.ts';
import { createFrameReader, type Frame } from './frames.ts';
import { badgeNumber } from './number.ts';
import { createReopenedBadgeReader, type ReopenedBadgeReader } from './reopened.ts';

/** So many broken frames in a row are no accident. */
const brokenAtMost = 5;
const rubbish = 'the badge reader sends rubbish: check its wiring, and that MANYI_BADGE_PORT is its own port';

/** A reader like the RDM6300 at the end of the line that `open` opens. Codes are the ten digits printed on the badge. */
export function createSerialBadgeReader(open: () => Promise<Transport>): ReopenedBadgeReader {
  let broken = 0;
  return createReopenedBadgeReader(async ({ badge, trouble }) => {
    const take = (frame: Frame) => {
      const code = frame.type === 'badge' ? badgeNumber(frame.hex, 'hex') : null;
      broken = code === null ? broken + 1 : 0;
      if (code !== null) badge(code);
      else if (broken === brokenAtMost) trouble(rubbish);
    };
    const port = await open();
    port.on('data', createFrameReader(take));
    const ended = new Promise<string>((resolve) => {
      port.on('close', () => resolve('the badge reader was unplugged: plug it in again'));
      port.on('error', (error) =>
        resolve(
          `the line to the badge reader failed (${error.message.split('\n')[0]}): check its wiring, and that MANYI_BADGE_PORT is its own port`,
        ),
      );
    });
    return { ended, close: () => port.close() };
  });
}
