import type { AgentSettings } from '@manyi/config/settings';

/** The layout that a keyboard-wedge reader was set up for: what it means by its keys. */
export type KeyboardLayout = AgentSettings['MANYI_BADGE_LAYOUT'];

/** Key codes of the USB usage tables, page 7. */
const keyA = 0x04;
const key1 = 0x1e;
const keypad1 = 0x59;
const enters = new Set([0x28, 0x58, 0x2b]);
const shifts = 0x22;

/** The letters where the keys A to Z of a US keyboard are, and what its keys 1 to 0 mean without and with shift. */
const letters: Record<KeyboardLayout, string> = {
  us: 'abcdefghijklmnopqrstuvwxyz',
  de: 'abcdefghijklmnopqrstuvwxzy',
  fr: 'qbcdefghijkl,noparstuvzxyw',
};
const digitRow: Record<KeyboardLayout, readonly [plain: string, shifted: string]> = {
  us: ['1234567890', '!@#$%^&*()'],
  de: ['1234567890', '!"§$%&/()='],
  fr: ['&é"\'(-è_çà', '1234567890'],
};
const punctuation = new Map([
  [0x2c, ' '],
  [0x2d, '-'],
  [0x33, ';'],
  [0x36, ','],
  [0x37, '.'],
]);

/** What a reader has typed: one character, or the key that ends a code (Enter or Tab). */
export type Typed = { readonly type: 'character'; readonly character: string } | { readonly type: 'end' };

/**
 * Reads the reports of a keyboard: one byte of modifiers, one reserved, six of keys that are down; before them a report number
 * on some readers. A key is typed when it was not down in the report before.
 */
export function createKeyboard(layout: KeyboardLayout): (report: Uint8Array) => Typed[] {
  let down = new Set<number>();
  return (report) => {
    const [modifiers = 0, , ...keys] = report.length === 9 ? report.subarray(1) : report;
    const typed = keys
      .filter((key) => key !== 0 && !down.has(key))
      .map((key) => typedBy(key, (modifiers & shifts) !== 0, layout));
    down = new Set(keys);
    return typed.filter((one) => one !== null);
  };
}

function typedBy(key: number, shifted: boolean, layout: KeyboardLayout): Typed | null {
  if (enters.has(key)) return { type: 'end' };
  const character = characterOf(key, shifted, layout);
  return character === undefined ? null : { type: 'character', character };
}

function characterOf(key: number, shifted: boolean, layout: KeyboardLayout): string | undefined {
  const letter = letters[layout][key - keyA];
  if (letter !== undefined) return shifted ? letter.toUpperCase() : letter;
  if (key >= key1 && key < key1 + 10) return digitRow[layout][shifted ? 1 : 0][key - key1];
  if (key >= keypad1 && key < keypad1 + 10) return '1234567890'[key - keypad1];
  return punctuation.get(key);
}
