import type { AgentSettings } from '@manyi/config/settings';

/**
 * How a reader gives the number of a badge. Cards of one kind are read in many ways; the number kept is the one printed on
 * most of them, ten decimal digits.
 * `as-typed`: letters and digits as they come; `decimal`; `hex`; `wiegand-26`: facility 0–255 and number 0–65535.
 */
export type BadgeFormat = AgentSettings['MANYI_BADGE_FORMAT'];

const printedDigits = 10;
/** Cards have up to 40 bits; what follows the first eight, their version, is the number that is printed on them. */
const cardBits = 40;
const printedBits = 32;

/** The badge's one number for what a reader gave; null when it is none in this format. */
export function badgeNumber(given: string, format: BadgeFormat): string | null {
  const text = given.trim();
  switch (format) {
    case 'as-typed':
      return /^[0-9A-Za-z]{4,32}$/.test(text) ? text : null;
    case 'decimal':
      return /^\d{1,13}$/.test(text) ? printed(BigInt(text)) : null;
    case 'hex':
      return /^[0-9A-Fa-f]{4,10}$/.test(text) ? printed(BigInt(`0x${text}`)) : null;
    case 'wiegand-26':
      return wiegand26(text);
  }
}

/** Eight bits of facility and sixteen of number: `188,24910`, `188 24910`, or `18824910` with leading zeros kept. */
function wiegand26(text: string): string | null {
  const [, facility, number] = /^(\d{1,3})[ ,:](\d{1,5})$/.exec(text) ?? /^(\d{3})(\d{5})$/.exec(text) ?? [];
  if (Number(facility) > 255 || Number(number) > 65_535 || facility === undefined) return null;
  return printed((BigInt(facility) << 16n) | BigInt(number ?? 0));
}

function printed(number: bigint): string | null {
  if (BigInt.asUintN(cardBits, number) !== number) return null;
  return BigInt.asUintN(printedBits, number).toString().padStart(printedDigits, '0');
}
