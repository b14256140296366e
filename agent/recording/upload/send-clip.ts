import { uploadMetadataKey } from '@manyi/config/recordings';
import type { DetailedError, Upload } from 'tus-js-client';
import type { Clip } from '../clips/clips.ts';
import type { Bandwidth } from './bandwidth.ts';
import { type ClipSource, openClip } from './clip-source.ts';

/** How one try to bring a clip to the hub ended. */
export type Ending =
  | { readonly how: 'arrived' }
  /** The hub, or something before it, answered so; `retryAfterMs` is 0 where it did not say. */
  | { readonly how: 'answered'; readonly method: string; readonly status: number; readonly retryAfterMs: number }
  /** No answer came. */
  | { readonly how: 'cut'; readonly why: string };

export interface SendParts {
  /** Where uploads begin; each goes on below it. */
  readonly endpoint: string;
  readonly authorization: string;
  readonly bandwidth: Bandwidth;
  /** The most bytes of one request, and of one step of the pace. */
  readonly requestBytes: number;
  readonly pieceBytes: number;
  /** How long nothing may move before the line counts as dead, in milliseconds. */
  readonly patienceMs: number;
  /** Hears where the hub takes this clip. */
  readonly onUrl: (url: string) => void;
  /** Hears from which byte on the hub wants it. */
  readonly onFrom: (offset: number) => void;
  readonly signal: AbortSignal;
}

class DeadLine extends Error {}

/**
 * Tries once to bring a clip to the hub with resumable upload (tus 1.0): where it was begun before, from the byte on that the hub names.
 * Throws a `ClipError`, and what the signal was aborted with.
 */
export async function sendClip(clip: Clip, parts: SendParts): Promise<Ending> {
  const own = new AbortController();
  const stop = () => own.abort(parts.signal.reason);
  parts.signal.addEventListener('abort', stop, { once: true });
  if (parts.signal.aborted) stop();
  try {
    return await send(clip, parts, own);
  } catch (error) {
    const cause: unknown = own.signal.aborted ? own.signal.reason : error;
    if (cause instanceof DeadLine) return { how: 'cut', why: cause.message };
    throw cause;
  } finally {
    parts.signal.removeEventListener('abort', stop);
    own.abort();
  }
}

async function send(clip: Clip, parts: SendParts, own: AbortController): Promise<Ending> {
  const { signal } = own;
  const line = watchLine(parts.patienceMs, own);
  // Most terminals record nothing: they are spared the client's memory.
  const { Upload: Client } = await import('tus-js-client');
  await parts.bandwidth.clear(signal);
  const source = await openClip(clip, {
    pieceBytes: parts.pieceBytes,
    onFrom: parts.onFrom,
    async mayGo(bytes) {
      line.rests();
      await parts.bandwidth.take(bytes, signal);
      line.moves();
    },
    onError: (error) => own.abort(error),
  });
  try {
    return await talk({ Client, clip, source, line, parts, signal });
  } finally {
    await source.close();
  }
}

interface TalkParts {
  readonly Client: typeof Upload;
  readonly clip: Clip;
  readonly source: ClipSource;
  readonly line: Line;
  readonly parts: SendParts;
  readonly signal: AbortSignal;
}

function talk({ Client, clip, source, line, parts, signal }: TalkParts): Promise<Ending> {
  const { endpoint, authorization, requestBytes, onUrl } = parts;
  /** The hub may be reached by another address than when the upload began, or than it knows itself. */
  const below = (url: string) => `${endpoint}/${url.split('/').at(-1)}`;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const upload = new Client(Buffer.from(clip.recording), {
      ...(clip.uploadUrl === null ? { endpoint } : { uploadUrl: below(clip.uploadUrl) }),
      headers: { authorization },
      metadata: { [uploadMetadataKey]: clip.recording },
      chunkSize: requestBytes,
      retryDelays: null,
      storeFingerprintForResuming: false,
      fileReader: { openFile: async () => source },
      onBeforeRequest: line.moves,
      onAfterResponse: line.moves,
      onUploadUrlAvailable() {
        if (upload.url === null) return;
        upload.url = below(upload.url);
        onUrl(upload.url);
      },
      onSuccess() {
        signal.removeEventListener('abort', abort);
        resolve({ how: 'arrived' });
      },
      onError(error) {
        // A request whose answer came before its end has not been sent to its end.
        void upload.abort();
        resolve(endingOf(error));
      },
    });
    const abort = () => {
      void upload.abort();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    upload.start();
  });
}

function endingOf(error: Error | DetailedError): Ending {
  const { originalRequest: request = null, originalResponse: response = null } = error as Partial<DetailedError>;
  if (request === null || response === null) return { how: 'cut', why: causeOf(error) };
  const seconds = Number(response.getHeader('Retry-After') ?? 0);
  return {
    how: 'answered',
    method: request.getMethod(),
    status: response.getStatus(),
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : 0,
  };
}

function causeOf(error: Error | DetailedError): string {
  return ('causingError' in error ? error.causingError?.message : undefined) ?? error.message;
}

/** Whether anything still moves on the line to the hub. */
interface Line {
  moves(): void;
  /** Nothing is expected to move for now. */
  rests(): void;
}

function watchLine(patienceMs: number, own: AbortController): Line {
  let timer: NodeJS.Timeout | undefined;
  const rests = () => clearTimeout(timer);
  own.signal.addEventListener('abort', rests, { once: true });
  return {
    rests,
    moves() {
      clearTimeout(timer);
      if (!own.signal.aborted) timer = setTimeout(() => own.abort(new DeadLine('nothing moved any more')), patienceMs);
    },
  };
}
