import { type FileHandle, statfs } from 'node:fs/promises';

/** Writes all of the chunks at a place of a file, and answers their bytes. The system may take them in several goes. */
export async function writeAll(file: FileHandle, chunks: readonly Buffer[], at: number): Promise<number> {
  let left = chunks;
  let done = 0;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left, at + done);
    done += bytesWritten;
    left = without(left, bytesWritten);
  }
  return done;
}

/** What is left of the chunks behind their first bytes. */
function without(chunks: readonly Buffer[], bytes: number): Buffer[] {
  let skip = bytes;
  return chunks.flatMap((chunk) => {
    const part = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - part.length;
    return part.length === 0 ? [] : [part];
  });
}

/** How many bytes the disk of a folder still takes. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether a write failed because there is no room. */
export function isFull(error: unknown): boolean {
  return noRoom.has(String((error as { code?: unknown } | null)?.code));
}
