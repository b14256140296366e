/** What comes of a byte from the reader: the ten hexadecimal digits of a badge, or a frame that is none. */
export type Frame = { readonly type: 'badge'; readonly hex: string } | { readonly type: 'broken' };

const begin = 0x02;
const end = 0x03;
const longest = 16;
/** As many bytes as a frame has. */
const frameBytes = 14;

/**
 * Reads the frames of an RDM6300 and its like out of a stream, however they are cut: 02, ten hexadecimal digits, two of a check
 * sum (the XOR of the five bytes), for some readers CR LF, 03. What stands between frames is passed over, but as much of it as a
 * frame is long counts as a broken one: a line at another speed may never bring a 02.
 */
export function createFrameReader(told: (frame: Frame) => void): (bytes: Uint8Array) => void {
  let text: string | null = null;
  let outside = 0;
  function take(byte: number): void {
    if (byte === begin) {
      if (text !== null) told({ type: 'broken' });
      text = '';
    } else if (text !== null && byte === end) {
      told(frameOf(text.trimEnd()));
      text = null;
      outside = 0;
    } else if (text !== null) {
      text += String.fromCharCode(byte);
      if (text.length > longest) {
        told({ type: 'broken' });
        text = null;
      }
    } else if (++outside === frameBytes) {
      told({ type: 'broken' });
      outside = 0;
    }
  }
  return (bytes) => bytes.forEach(take);
}

function frameOf(text: string): Frame {
  if (!/^[0-9A-Fa-f]{12}$/.test(text)) return { type: 'broken' };
  const [sum, ...bytes] = [...Buffer.from(text, 'hex')].reverse();
  return bytes.reduce((xor, byte) => xor ^ byte, 0) === sum
    ? { type: 'badge', hex: text.slice(0, 10) }
    : { type: 'broken' };
}
