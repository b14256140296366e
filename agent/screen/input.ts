import { badgeCode } from '@manyi/config/ids';
import { levelName } from '@manyi/config/levels';
import { reasonNames } from '@manyi/config/reasons';
import { z } from 'zod';

/** What people do at the counter screen. `skip` leaves the reason page without a reason. */
export const screenInput = z.discriminatedUnion('type', [
  z.object({ type: z.literal('press'), level: levelName }),
  z.object({ type: z.literal('not-now') }),
  z.object({ type: z.literal('reason'), reason: z.enum(reasonNames) }),
  z.object({ type: z.literal('skip') }),
  z.object({ type: z.literal('badge'), code: badgeCode }),
  z.object({ type: z.literal('next') }),
  z.object({ type: z.literal('invite') }),
  z.object({ type: z.literal('end') }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
]);
export type ScreenInput = z.infer<typeof screenInput>;

/** An input under the page's own number, counted from 1 on every connection. */
const numberedInput = z.object({ number: z.int().min(1), input: screenInput });
type NumberedInput = z.infer<typeof numberedInput>;

/** Reads one message of the page; null when it is none. */
export function readInput(text: string): NumberedInput | null {
  try {
    const result = numberedInput.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
