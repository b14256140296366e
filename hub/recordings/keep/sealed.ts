import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/*
 * A clip at rest: a head, then the clip in pieces of 64 KiB, each encrypted and authenticated by itself with AES-256-GCM (NIST SP
 * 800-38D), so that a range is read without the rest.
 *
 *   head    48 bytes   "MANYIREC", the clip's length (8 bytes, big-endian), 32 random bytes
 *   piece   n + 16     cipher text and tag; the nonce is the piece's number, the associated data the head
 *   label   n + 16     whose clip it is, sealed in the same way with the number that no piece has: for when the database has lost it
 *
 * A file may be without a label; then it ends with its last piece.
 *
 * The key is made for this one file, from the hub's key, the random bytes and the clip's id (HKDF with SHA-256, RFC 5869): no nonce is
 * ever used twice with a key. A piece that was changed, moved, cut off, or put into another clip's file does not open.
 */

const magic = Buffer.from('MANYIREC');
const headBytes = 48;
const pieceBytes = 64 * 1024;
const tagBytes = 16;
const labelNumber = 0xffffffff;
/** No label is longer. */
export const mostLabelBytes = 4096;

/** Whose bytes they are, and the hub's key. */
export interface Seal {
  readonly key: Buffer;
  readonly recording: string;
}

/** Reads some bytes of a stored file, `to` excluded. */
export type ReadBytes = (from: number, to: number) => Promise<AsyncIterable<Buffer>>;

/** A sealed file that is damaged or was changed. */
export class Unsound extends Error {}

/** How many bytes a clip of this length takes, with a label of so many. */
export function sealedBytes(length: number, labelBytes: number): number {
  return place(Math.ceil(length / pieceBytes), length) + labelBytes + tagBytes;
}

/** Encrypts a clip of a length that is known. Nothing of the last piece comes out before the source has ended without complaint. */
export async function* seal(
  source: AsyncIterable<Buffer>,
  length: number,
  label: Buffer,
  { key, recording }: Seal,
): AsyncGenerator<Buffer> {
  const head = Buffer.alloc(headBytes);
  magic.copy(head);
  head.writeBigUInt64BE(BigInt(length), magic.length);
  randomBytes(32).copy(head, magic.length + 8);
  const own = ownKey(key, recording, head);
  yield head;
  let number = 0;
  for await (const piece of inPieces(source, pieceBytes)) {
    yield* close(piece, { own, head, number });
    number += 1;
  }
  yield* close(label, { own, head, number: labelNumber });
}

interface Place {
  readonly own: Buffer;
  readonly head: Buffer;
  readonly number: number;
}

function* close(piece: Buffer, { own, head, number }: Place): Generator<Buffer> {
  const cipher = createCipheriv('aes-256-gcm', own, nonce(number));
  cipher.setAAD(head);
  yield cipher.update(piece);
  cipher.final();
  yield cipher.getAuthTag();
}

/** What a file says of whose clip it is; null where it says nothing. Throws `Unsound`. */
export async function readLabel(read: ReadBytes, { key, recording }: Seal): Promise<Buffer | null> {
  const head = await readHead(read);
  const length = Number(head.readBigUInt64BE(magic.length));
  const at = place(Math.ceil(length / pieceBytes), length);
  if (!Number.isSafeInteger(at)) throw new Unsound('its length was changed');
  const sealed = await whole(await read(at, at + mostLabelBytes + tagBytes));
  if (sealed.length === 0) return null;
  const own = ownKey(key, recording, head);
  return open(sealed, { own, head, number: labelNumber, length: sealed.length - tagBytes });
}

async function readHead(read: ReadBytes): Promise<Buffer> {
  const head = await whole(await read(0, headBytes));
  if (head.length < headBytes || !head.subarray(0, magic.length).equals(magic)) throw new Unsound('no sealed clip');
  return head;
}

/**
 * The clip's bytes from `from` to `to` (excluded), reading and decrypting only the pieces that they lie in. `length` is how many bytes the
 * clip is known to have: no piece vouches for what a file says of itself when none is read. Throws `Unsound`.
 */
export async function* unseal(
  read: ReadBytes,
  from: number,
  to: number,
  { key, recording, length }: Seal & { readonly length: number },
): AsyncGenerator<Buffer> {
  const head = await readHead(read);
  if (head.readBigUInt64BE(magic.length) !== BigInt(length)) throw new Unsound('its length was changed');
  const own = ownKey(key, recording, head);
  const [first, end] = [Math.floor(from / pieceBytes), Math.ceil(Math.min(to, length) / pieceBytes)];
  if (first >= end) return;
  const stored = await read(place(first, length), place(end, length));
  let number = first;
  for await (const piece of inPieces(stored, pieceBytes + tagBytes)) {
    const start = number * pieceBytes;
    const plain = open(piece, { own, head, number, length: Math.min(pieceBytes, length - start) });
    yield plain.subarray(Math.max(0, from - start), to - start);
    number += 1;
  }
  if (number < end) throw new Unsound('the end is missing');
}

function open(piece: Buffer, { own, head, number, length }: Place & { readonly length: number }): Buffer {
  if (length < 0 || piece.length !== length + tagBytes) throw new Unsound(`piece ${number} has a wrong length`);
  const decipher = createDecipheriv('aes-256-gcm', own, nonce(number));
  decipher.setAAD(head);
  decipher.setAuthTag(piece.subarray(length));
  try {
    return Buffer.concat([decipher.update(piece.subarray(0, length)), decipher.final()]);
  } catch {
    throw new Unsound(`piece ${number} was changed, or belongs to another clip or key`);
  }
}

/** Where a piece of a clip of this length begins; of the one after the last, where that ends. */
function place(piece: number, length: number): number {
  return headBytes + Math.min(piece * pieceBytes, length) + piece * tagBytes;
}

function nonce(piece: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(piece, 8);
  return bytes;
}

function ownKey(key: Buffer, recording: string, head: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', key, head.subarray(magic.length + 8), `manyi recording ${recording}`, 32));
}

/** Cuts a stream into pieces of one size; the last may be shorter. A piece waits for the next one, or for the source's end. */
async function* inPieces(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer | null = null;
  let rest: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    rest.push(chunk);
    bytes += chunk.length;
    if (bytes < size) continue;
    let all = rest.length === 1 ? chunk : Buffer.concat(rest);
    for (; all.length >= size; all = all.subarray(size)) {
      if (held !== null) yield held;
      held = all.subarray(0, size);
    }
    rest = all.length === 0 ? [] : [all];
    bytes = all.length;
  }
  if (held !== null) yield held;
  if (bytes > 0) yield Buffer.concat(rest);
}

/** Everything that a stream holds. */
export async function whole(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
