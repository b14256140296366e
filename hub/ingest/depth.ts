const quote = 0x22;
const backslash = 0x5c;
const opens = new Set([0x5b, 0x7b]);
const closes = new Set([0x5d, 0x7d]);

/** Lists and objects deeper within each other than this are nobody's event; thousands of them would be too deep to be written again. */
export const maxDepth = 1000;

/** Whether JSON (that has been parsed, and so is well-formed) is nested deeper than `maxDepth`. */
export function isTooDeep(json: Buffer): boolean {
  // Every level takes two bytes at least: what most terminals send is not even looked at.
  if (json.length <= 2 * maxDepth) return false;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (opens.has(byte)) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (closes.has(byte)) depth -= 1;
  }
  return false;
}
