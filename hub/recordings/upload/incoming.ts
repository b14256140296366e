import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { freeBytes, writeAll } from '../files.ts';

/*
 * Clips on their way in. What has come of one lies in a file of its own, encrypted by AES-256 in counter mode with a key for this one
 * file: that mode goes on at any byte, where the line was cut. It does not show changes; the clip's SHA-256 does, before it is stored.
 * Only what reads or writes a clip's bytes needs the hub's key.
 *
 *   32 random bytes, then the clip's bytes so far
 */
export interface Incoming {
  /** How many bytes have come of a clip; null when nothing was begun. */
  size(recording: string): Promise<number | null>;
  /** Makes room for a clip. What has come of it already stays. */
  begin(recording: string): Promise<void>;
  /** Adds bytes at the end, as they come; answers the new size. What came before an error is kept. */
  append(recording: string, key: Buffer, offset: number, source: AsyncIterable<Buffer>): Promise<number>;
  read(recording: string, key: Buffer): AsyncGenerator<Buffer>;
  discard(recording: string): Promise<void>;
  /** How many bytes the disk still takes. */
  free(): Promise<number>;
  /** The clips that were begun, and when something was added last (epoch milliseconds). */
  begun(): Promise<{ readonly recording: string; readonly last: number }[]>;
}

const saltBytes = 32;
const blockBytes = 16;
const ending = '.part';
/** Read at once: a whole number of the pieces that clips are sealed in, so that none has to be put together. */
const readBytes = 256 * 1024;

/** Clips come into a folder. `take` holds bytes back that come too fast. */
export function openIncoming(folder: string, take: (bytes: number) => Promise<void>): Incoming {
  const pathOf = (recording: string) => join(folder, `${recording}${ending}`);

  async function size(recording: string): Promise<number | null> {
    const found = await stat(pathOf(recording)).catch(ifMissing);
    return found === null || found.size < saltBytes ? null : found.size - saltBytes;
  }

  return {
    size,
    async begin(recording) {
      if ((await size(recording)) !== null) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(pathOf(recording), 'w', 0o600);
      await writeAll(file, [randomBytes(saltBytes)], 0).finally(() => file.close());
    },
    async append(recording, key, offset, source) {
      const file = await open(pathOf(recording), 'r+');
      try {
        const cipher = counterAt(key, await saltOf(file), offset);
        let at = offset;
        for await (const chunk of source) {
          await take(chunk.length);
          await writeAll(file, [cipher.update(chunk)], saltBytes + at);
          at += chunk.length;
        }
        return at;
      } finally {
        await file.close();
      }
    },
    async *read(recording, key) {
      const file = await open(pathOf(recording), 'r');
      try {
        const cipher = counterAt(key, await saltOf(file), 0);
        const how = { start: saltBytes, highWaterMark: readBytes, autoClose: false };
        const stored = file.createReadStream(how) as AsyncIterable<Buffer>;
        for await (const chunk of stored) {
          await take(chunk.length);
          yield cipher.update(chunk);
        }
      } finally {
        await file.close();
      }
    },
    discard: (recording) => rm(pathOf(recording), { force: true }),
    async free() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return freeBytes(folder);
    },
    async begun() {
      const names = (await readdir(folder).catch(ifMissing)) ?? [];
      const files = names.filter((name) => name.endsWith(ending));
      const found = await Promise.all(files.map((name) => stat(join(folder, name)).catch(ifMissing)));
      return files.flatMap((name, index) => {
        const last = found[index]?.mtimeMs;
        return last === undefined ? [] : [{ recording: name.slice(0, -ending.length), last }];
      });
    },
  };
}

async function saltOf(file: FileHandle): Promise<Buffer> {
  const salt = Buffer.alloc(saltBytes);
  await file.read(salt, 0, saltBytes, 0);
  return salt;
}

/** The key stream from a byte on. */
function counterAt(key: Buffer, salt: Buffer, offset: number) {
  const own = Buffer.from(hkdfSync('sha256', key, salt, 'manyi incoming', 32));
  const counter = Buffer.alloc(blockBytes);
  counter.writeBigUInt64BE(BigInt(Math.floor(offset / blockBytes)), 8);
  const cipher = createCipheriv('aes-256-ctr', own, counter);
  cipher.update(Buffer.alloc(offset % blockBytes));
  return cipher;
}

function ifMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
