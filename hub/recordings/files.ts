import type { FileHandle } from 'node:fs/promises';

/** Writes all of the bytes at a place of a file; the system may take them in several goes. */
export async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether a write failed because there is no room. */
export function isFull(error: unknown): boolean {
  return noRoom.has(String((error as { code?: unknown } | null)?.code));
}
