import { createKeyboard, type KeyboardLayout } from './keyboard.ts';
import { type BadgeFormat, badgeNumber } from './number.ts';

/** How a keyboard-wedge reader was set up. */
export interface TypingOptions {
  readonly layout: KeyboardLayout;
  readonly format: BadgeFormat;
  /** What the reader types before and after the number, besides Enter or Tab. */
  readonly prefix: string;
  readonly suffix: string;
}

/** A reader types a code without a pause as long as this. Milliseconds. */
const pauseMs = 500;
const longest = 64;
/** A reader types at least so much. */
const leastTyped = 4;

/**
 * Codes out of the reports of a keyboard-wedge reader. What is no code, a slow person's typing too, is passed over; `misread`
 * hears of what came as a code does and is none, or was not ended by Enter or Tab before the next one came.
 */
export function createTyping(
  options: TypingOptions,
  now: () => number,
  told: (code: string) => void,
  misread: () => void = () => {},
) {
  const keyboard = createKeyboard(options.layout);
  let text = '';
  let last = Number.NEGATIVE_INFINITY;
  return (report: Uint8Array): void => {
    for (const typed of keyboard(report)) {
      if (now() - last > pauseMs) {
        if (text.length >= leastTyped) misread();
        text = '';
      }
      last = now();
      if (typed.type === 'character') {
        text = (text + typed.character).slice(-longest);
        continue;
      }
      const code = codeOf(text, options);
      if (code !== null) told(code);
      else if (text.length >= leastTyped) misread();
      text = '';
    }
  };
}

function codeOf(text: string, { prefix, suffix, format }: TypingOptions): string | null {
  if (!text.startsWith(prefix) || !text.endsWith(suffix)) return null;
  return badgeNumber(text.slice(prefix.length, text.length - suffix.length), format);
}
