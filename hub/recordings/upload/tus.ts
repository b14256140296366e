import type { Readable } from 'node:stream';
import { maxClipBytes, uploadMetadataKey } from '@manyi/config/recordings';
import { DataStore, ERRORS, Server, Upload } from '@tus/server';
import { isFull } from '../files.ts';
import { isHere, isTold } from '../recording.ts';
import type { RecordingStore } from '../store.ts';
import type { Arrival } from './arrival.ts';
import type { Incoming } from './incoming.ts';
import { createLocker } from './lock.ts';
import { UploadRefusal, unwanted } from './refusal.ts';
import { noRoom } from './room.ts';

export const uploadsPath = '/api/v1/recordings/uploads';

export interface TusParts {
  readonly key: Buffer;
  readonly store: RecordingStore;
  readonly incoming: Incoming;
  readonly arrival: Arrival;
  /** Whether there is room for what a clip still takes when so much of it has come. */
  readonly hasRoomFor: (bytes: number, come: number) => Promise<boolean>;
}

/** How much may come before it is looked again whether there is room, in bytes. */
const lookEvery = 1024 * 1024;

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
    const { incoming } = this.#parts;
    if (this.#isHere(upload.id)) return upload;
    await incoming.begin(upload.id).catch(sayFull);
    // Somebody may have deleted it just now, and found nothing to throw away.
    if (this.#isWanted(upload.id)) return upload;
    await incoming.discard(upload.id);
    throw unwanted();
  }

  override async write(source: Readable, id: string, offset: number): Promise<number> {
    if (this.#isHere(id)) return offset;
    const { key, incoming } = this.#parts;
    try {
      return await incoming.append(id, key, offset, this.#letIn(source, id, offset));
    } catch (error) {
      if (!this.#isWanted(id)) throw unwanted();
      return sayFull(error);
    }
  }

  /** Hands the bytes on as long as the clip is wanted and there is room: what has come by then stays. */
  async *#letIn(source: Readable, id: string, offset: number): AsyncGenerator<Buffer> {
    const bytes = this.#parts.store.find(id)?.bytes ?? 0;
    let at = offset;
    let lookAt = offset;
    // Who breaks off must not end the source: the upload server would take that for the sender's going away, and say so.
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      if (!this.#isWanted(id)) throw unwanted();
      if (at >= lookAt) {
        if (!(await this.#parts.hasRoomFor(bytes, at))) throw new UploadRefusal(507, noRoom);
        lookAt = at + lookEvery;
      }
      yield chunk;
      at += chunk.length;
    }
  }

  #isHere(id: string): boolean {
    const record = this.#parts.store.find(id);
    return record !== null && isHere(record);
  }

  #isWanted(id: string): boolean {
    return this.#parts.store.find(id)?.state === 'announced';
  }

  /** A clip that has come whole counts as come only when it is stored: until then asking for it tries that again. */
  override async getUpload(id: string): Promise<Upload> {
    const { store, incoming, arrival } = this.#parts;
    const record = store.find(id);
    if (record === null) throw ERRORS.FILE_NOT_FOUND;
    if (!isTold(record) || !(isHere(record) || record.state === 'announced')) throw unwanted();
    const { bytes } = record;
    if (isHere(record)) return new Upload({ id, size: bytes, offset: bytes });
    const offset = await incoming.size(id);
    if (offset === null) throw ERRORS.FILE_NOT_FOUND;
    if (offset >= bytes) await arrival.finish(id);
    return new Upload({ id, size: bytes, offset });
  }
}

function sayFull(error: unknown): never {
  if (isFull(error)) throw new UploadRefusal(507, noRoom);
  throw error;
}
