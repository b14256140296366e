import { maxClipBytes, uploadMetadataKey } from '@manyi/config/recordings';
import { DataStore, ERRORS, Server, Upload } from '@tus/server';
import { isFull } from '../files.ts';
import type { RecordingStore } from '../store.ts';
import type { Arrival } from './arrival.ts';
import type { Incoming } from './incoming.ts';
import { createLocker } from './lock.ts';
import { UploadRefusal } from './refusal.ts';

export const uploadsPath = '/api/v1/recordings/uploads';

export interface TusParts {
  readonly store: RecordingStore;
  readonly incoming: Incoming;
  readonly arrival: Arrival;
}

/** How long a request that others wait for may still write what it has, in milliseconds. */
const drainMs = 250;

/**
 * The server of resumable uploads (tus 1.0). An upload has the id of its clip, so that two uploads of one clip are one. Who may send
 * which clip is decided before a request comes here.
 */
export function createTusServer(parts: TusParts): Server {
  return new Server({
    path: uploadsPath,
    relativeLocation: true,
    datastore: new Clips(parts),
    locker: createLocker(),
    lockDrainTimeout: drainMs,
    maxSize: maxClipBytes,
    allowedOrigins: [],
    namingFunction: (_request, metadata) => String(metadata?.[uploadMetadataKey]).toLowerCase(),
    onUploadFinish: async (_request, upload) => {
      await parts.arrival.finish(upload.id);
      return {};
    },
  });
}

/** Tells the upload server of clips: what of them is here, and where the rest goes. */
class Clips extends DataStore {
  readonly #parts: TusParts;

  constructor(parts: TusParts) {
    super();
    this.#parts = parts;
    this.extensions = ['creation'];
  }

  override async create(upload: Upload): Promise<Upload> {
    const { store, incoming } = this.#parts;
    if (store.find(upload.id)?.state !== 'stored') await incoming.begin(upload.id).catch(sayFull);
    return upload;
  }

  override async write(source: AsyncIterable<Buffer>, id: string, offset: number): Promise<number> {
    if (this.#parts.store.find(id)?.state === 'stored') return offset;
    return this.#parts.incoming.append(id, offset, source).catch(sayFull);
  }

  /** A clip that has come whole counts as come only when it is stored: until then asking for it tries that again. */
  override async getUpload(id: string): Promise<Upload> {
    const { store, incoming, arrival } = this.#parts;
    const record = store.find(id);
    if (record === null) throw ERRORS.FILE_NOT_FOUND;
    const { state, bytes } = record;
    if (state === 'stored') return new Upload({ id, size: bytes, offset: bytes });
    if (state !== 'announced') throw ERRORS.FILE_NO_LONGER_EXISTS;
    const offset = await incoming.size(id);
    if (offset === null) throw ERRORS.FILE_NOT_FOUND;
    if (offset >= bytes) await arrival.finish(id);
    return new Upload({ id, size: bytes, offset });
  }
}

function sayFull(error: unknown): never {
  if (isFull(error)) throw new UploadRefusal(507, 'the disk for recordings is full: try again later');
  throw error;
}
