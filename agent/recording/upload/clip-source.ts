import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Clip } from '../clips/clips.ts';

/** Why a clip cannot be read as it was told of: its file is gone, is another than it was, or the disk does not give it. */
export class ClipError extends Error {
  readonly why: 'gone' | 'changed' | 'unreadable';
  constructor(why: ClipError['why'], message: string) {
    super(message);
    this.why = why;
  }
}

/** What an upload reads a clip from, as tus-js-client asks for it. */
export interface ClipSource {
  readonly size: number;
  slice(start: number, end: number): Promise<{ value: Readable; done: boolean }>;
  close(): Promise<void>;
}

export interface SourceParts {
  /** Read and let through at once. */
  readonly pieceBytes: number;
  /** Resolves when so many bytes may go out. */
  readonly mayGo: (bytes: number) => Promise<void>;
  /** From this byte on the hub wants it. */
  readonly onFrom: (offset: number) => void;
  /** Reading has failed in the middle. */
  readonly onError: (error: unknown) => void;
}

/**
 * Opens a clip's file. It stays open until it is closed here, so that it can be read to its end even when it is deleted meanwhile. Throws a
 * `ClipError`.
 */
export async function openClip({ file, bytes }: Clip, parts: SourceParts): Promise<ClipSource> {
  const handle = await open(file, 'r').catch(asClipError);
  const { size } = await handle.stat();
  if (size !== bytes) {
    await handle.close();
    throw new ClipError('changed', `${file} has ${size} bytes, and had ${bytes} when it was recorded`);
  }
  let body: Readable | null = null;
  return {
    size,
    async slice(start, end) {
      parts.onFrom(start);
      body = Readable.from(pieces(handle, start, end, parts), { objectMode: false, highWaterMark: parts.pieceBytes });
      body.on('error', parts.onError);
      return { value: Object.assign(body, { size: end - start }), done: end >= size };
    },
    async close() {
      body?.destroy();
      await handle.close();
    },
  };
}

async function* pieces(handle: FileHandle, start: number, end: number, parts: SourceParts): AsyncGenerator<Buffer> {
  const { pieceBytes, mayGo } = parts;
  for (let at = start; at < end; ) {
    const wanted = Math.min(pieceBytes, end - at);
    await mayGo(wanted);
    const { buffer, bytesRead } = await handle
      .read(Buffer.allocUnsafe(wanted), 0, wanted, at)
      .catch((error) => asClipError(error));
    if (bytesRead === 0) throw new ClipError('changed', 'the clip has become shorter');
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function asClipError(error: NodeJS.ErrnoException): never {
  throw new ClipError(error.code === 'ENOENT' ? 'gone' : 'unreadable', error.message);
}
