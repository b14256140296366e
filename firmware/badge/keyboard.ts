import type { AgentSettings } from '@manyi/config/settings';

/** The layout that a keyboard-wedge reader was set up for: what it means by its keys. */
export type KeyboardLayout = AgentSettings['MANYI_BADGE_LAYOUT'];

/** Key codes of the USB usage tables, page 7. */
const enters = new Set([0x28, 0x58, 0x2b]);
const shifts = 0x22;
/** The keys of the keypad from its stroke on: the same in every layout. */
const keypad = 0x54;
const keypadMeans = '/*-+\r1234567890.';

/**
 * What the keys mean, without and with shift, from the key code before them on: the letters and digits of a US keyboard's keys
 * A … Z and 1 … 0, then the keys for signs, then the key beside the left shift. A space stands where a key has no character.
 */
type Row = readonly [from: number, plain: string, shifted: string];
const layouts: Record<KeyboardLayout, readonly Row[]> = {
  us: [
    [0x04, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
    [0x1e, '1234567890', '!@#$%^&*()'],
    [0x2c, " -=[]\\#;'`,./", ' _+{}|~:"~<>?'],
    [0x64, '\\', '|'],
  ],
  de: [
    [0x04, 'abcdefghijklmnopqrstuvwxzy', 'ABCDEFGHIJKLMNOPQRSTUVWXZY'],
    [0x1e, '1234567890', '!"§$%&/()='],
    [0x2c, ' ß´ü+##öä^,.-', " ?`Ü*''ÖÄ°;:_"],
    [0x64, '<', '>'],
  ],
  fr: [
    [0x04, 'qbcdefghijkl,noparstuvzxyw', 'QBCDEFGHIJKL?NOPARSTUVZXYW'],
    [0x1e, '&é"\'(-è_çà', '1234567890'],
    [0x2c, ' )=^$**mù²;:!', ' °+¨£µµM% ./§'],
    [0x64, '<', '>'],
  ],
};

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
  if (key >= keypad) {
    const character = keypadMeans[key - keypad];
    if (character !== undefined) return character;
  }
  for (const [from, plain, withShift] of layouts[layout]) {
    const character = (shifted ? withShift : plain)[key - from];
    if (key >= from && character !== undefined) return character;
  }
  return undefined;
}
