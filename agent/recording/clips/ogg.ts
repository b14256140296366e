import { type FileHandle, open } from 'node:fs/promises';
import { samplesPerSecond } from '@manyi/firmware/sound/format';

/**
 * Mends Ogg Opus files that were cut off. Pages: RFC 3533, section 6; the headers and the granule position of Opus: RFC 7845, sections 4
 * and 5.1.
 */

/** What is left of a file after the cut: so many bytes with so many samples (at 16 kHz, of each channel). */
export interface Mended {
  readonly bytes: number;
  readonly samples: number;
}

const headerBytes = 27;
const mostPageBytes = headerBytes + 255 + 255 * 255;
/** A second of speech at the usual rate is far less. */
const usualPageBytes = 8 * 1024;
const endOfStream = 4;
const checksumAt = 22;
/** The granule position of a page on which no packet ends. */
const noGranule = -1n;
/** Granule positions of Opus count at 48 kHz, whatever went in. */
const granulesPerSecond = 48_000;

interface Page {
  readonly at: number;
  readonly bytes: Buffer;
  readonly number: number;
  readonly serial: number;
  readonly granule: bigint;
  readonly body: Buffer;
}

/** What would be left of a file; null when that is nothing. */
export async function wholeOf(path: string): Promise<Mended | null> {
  const file = await open(path, 'r');
  try {
    return mended(await lastPage(file));
  } finally {
    await file.close();
  }
}

/**
 * Cuts the file behind its last complete page of sound, and marks that as the end of the stream. Null when there is none: the file is left
 * as it is. Mending what is whole already changes nothing.
 */
export async function mend(path: string): Promise<Mended | null> {
  const file = await open(path, 'r+');
  try {
    const found = await lastPage(file);
    const left = mended(found);
    if (found === null || left === null) return null;
    await file.truncate(left.bytes);
    await markAsEnd(file, found.last);
    await file.sync();
    return left;
  } finally {
    await file.close();
  }
}

function mended(found: LastPage | null): Mended | null {
  if (found === null) return null;
  const { last, preSkip } = found;
  const granules = Number(last.granule) - preSkip;
  const samples = Math.floor((granules * samplesPerSecond) / granulesPerSecond);
  return { bytes: last.at + last.bytes.length, samples };
}

interface LastPage {
  readonly last: Page;
  readonly preSkip: number;
}

/** The last page on which sound ends, of those that follow each other without a fault from the beginning on. */
async function lastPage(file: FileHandle): Promise<LastPage | null> {
  const window = Buffer.alloc(mostPageBytes);
  let last: Page | null = null;
  let first: Page | null = null;
  let preSkip = 0;
  for (let at = 0, number = 0; ; number += 1) {
    const page = await readPage(file, window, at);
    if (page === null || page.number !== number || page.serial !== (first ?? page).serial) break;
    if (first === null) {
      if (page.body.toString('latin1', 0, 8) !== 'OpusHead') return null;
      preSkip = page.body.readUInt16LE(10);
      first = page;
    }
    if (page.granule !== noGranule && page.granule > BigInt(preSkip)) last = page;
    at += page.bytes.length;
  }
  return last && { last, preSkip };
}

/** The page that begins there; null for anything that is not a whole one. */
async function readPage(file: FileHandle, window: Buffer, at: number, wanted = usualPageBytes): Promise<Page | null> {
  const { bytesRead } = await file.read(window, 0, wanted, at);
  const there = window.subarray(0, bytesRead);
  if (bytesRead < headerBytes || there.toString('latin1', 0, 4) !== 'OggS' || there[4] !== 0) return null;
  const bodyAt = headerBytes + (there[26] ?? 0);
  if (bytesRead < bodyAt) return null;
  const length = there.subarray(headerBytes, bodyAt).reduce((sum, lacing) => sum + lacing, bodyAt);
  if (bytesRead < length) return wanted < length ? readPage(file, window, at, mostPageBytes) : null;
  const bytes = Buffer.from(there.subarray(0, length));
  if (bytes.readUInt32LE(checksumAt) !== checksum(bytes)) return null;
  return {
    at,
    bytes,
    body: bytes.subarray(bodyAt),
    granule: bytes.readBigInt64LE(6),
    serial: bytes.readUInt32LE(14),
    number: bytes.readUInt32LE(18),
  };
}

async function markAsEnd(file: FileHandle, { at, bytes }: Page): Promise<void> {
  const type = bytes[5] ?? 0;
  if ((type & endOfStream) !== 0) return;
  const ended = Buffer.from(bytes);
  ended[5] = type | endOfStream;
  ended.writeUInt32LE(checksum(ended), checksumAt);
  await file.write(ended, 0, headerBytes, at);
}

/** CRC-32 with the polynomial 04c11db7 from bit to bit as it comes, over the page with its own place zero. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let register = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) register = (register << 1) ^ (register < 0 ? 0x04c11db7 : 0);
  return register;
});

function checksum(page: Buffer): number {
  let register = 0;
  for (let n = 0; n < page.length; n += 1) {
    const byte = n >= checksumAt && n < checksumAt + 4 ? 0 : (page[n] ?? 0);
    register = (register << 8) ^ (table[((register >>> 24) ^ byte) & 0xff] ?? 0);
  }
  return register >>> 0;
}
