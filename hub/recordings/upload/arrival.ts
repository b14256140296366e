import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { isFull } from '../files.ts';
import { type Keep, keptName } from '../keep/keep.ts';
import { seal, sealedBytes } from '../keep/sealed.ts';
import { writeLabel } from '../label.ts';
import { isHere, isTold, type ToldRecord } from '../recording.ts';
import type { RecordingStore } from '../store.ts';
import { createGate } from './gate.ts';
import type { Incoming } from './incoming.ts';
import { UploadRefusal, unwanted } from './refusal.ts';
import { noRoom, type Room } from './room.ts';

/** Brings a clip that has come whole to where it is kept. */
export interface Arrival {
  /**
   * Checks that it is what its terminal told of, and stores it; resolves when it is safe. Throws an `UploadRefusal`: a clip that is not
   * what was told of is thrown away, and may be sent anew; one that cannot be stored now stays, and is tried again when asked for.
   */
  finish(recording: string): Promise<void>;
  /**
   * Takes in a clip whose sound lies where it is kept, while the hub's row says that it is yet to come. `sound` is what lies there; throws
   * what reading it throws, and an `UploadRefusal` where it is not what was told of.
   */
  adopt(recording: string, sound: AsyncIterable<Buffer>): Promise<void>;
  /** Resolves when nothing of it is at work any more: for those who take the clip away. Never rejects. */
  settled(recording: string): Promise<void>;
}

export interface ArrivalParts {
  readonly key: Buffer;
  readonly store: RecordingStore;
  readonly incoming: Incoming;
  readonly keep: Keep;
  readonly room: Room;
  readonly log: Logger;
  /** Is told of every clip that is stored. */
  readonly stored: (record: ToldRecord) => void;
}

/** How many clips are checked and stored at the same time. */
const atOnce = 4;

export function createArrival({ key, store, incoming, keep, room, log, stored }: ArrivalParts): Arrival {
  const running = new Map<string, Promise<void>>();
  const gate = createGate(atOnce);

  async function bring(record: ToldRecord): Promise<void> {
    const { recording, bytes } = record;
    const label = writeLabel(record);
    const sealed = sealedBytes(bytes, label.length);
    if (keep.kind === 'folder' && !(await room.takes(sealed))) throw new UploadRefusal(507, noRoom);
    const checked = verified(incoming.read(recording, key), record);
    try {
      await keep.put(keptName(recording), sealed, seal(checked, bytes, label, { key, recording }));
    } catch (error) {
      throw await refuse(record, error);
    }
    // Whoever has deleted it meanwhile waits for this, and takes away what is stored now.
    const isWanted = await settle(record);
    if (!isWanted) throw unwanted();
  }

  async function settle(record: ToldRecord): Promise<boolean> {
    const isWanted = store.arrived(record.recording);
    await incoming.discard(record.recording);
    if (isWanted) stored(record);
    return isWanted;
  }

  async function refuse({ recording, terminal }: ToldRecord, error: unknown): Promise<UploadRefusal> {
    if (error instanceof UploadRefusal) {
      await incoming.discard(recording);
      log.warn({ recording, terminal }, `a clip was refused: ${error.message}`);
      return error;
    }
    log.error(
      { err: error, recording },
      'a clip that has come whole could not be stored: it is tried again when its terminal asks',
    );
    return isFull(error)
      ? new UploadRefusal(507, noRoom)
      : new UploadRefusal(503, 'the clip has come whole and cannot be stored now: ask again later');
  }

  async function finish(recording: string): Promise<void> {
    const record = store.find(recording);
    if (record === null || isHere(record)) return;
    if (record.state !== 'announced' || !isTold(record)) throw unwanted();
    await gate.run(() => bring(record));
  }

  async function adopt(recording: string, sound: AsyncIterable<Buffer>): Promise<void> {
    const record = store.find(recording);
    if (record === null || !isTold(record) || isHere(record)) return;
    for await (const _ of verified(sound, record));
    await settle(record);
  }

  /** One work on a clip at a time. */
  function alone(recording: string, begin: () => Promise<void>): Promise<void> {
    const already = running.get(recording);
    if (already !== undefined) return already;
    const work = begin().finally(() => running.delete(recording));
    running.set(recording, work);
    return work;
  }

  return {
    finish: (recording) => alone(recording, () => finish(recording)),
    adopt: (recording, sound) => alone(recording, () => adopt(recording, sound)),
    settled: async (recording) => void (await running.get(recording)?.catch(() => {})),
  };
}

const capture = Buffer.from('OggS');
const opusHead = Buffer.from('OpusHead');
/** Where the first packet begins on the first page of an Ogg Opus stream (RFC 3533, section 6; RFC 7845, section 3). */
const firstPacketAt = 28;

/** Hands the clip through, and throws at its end, or before, when it is not what its terminal told of. */
async function* verified(source: AsyncIterable<Buffer>, { sha256, bytes }: ToldRecord): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let start: Buffer | null = Buffer.alloc(0);
  let seen = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    seen += chunk.length;
    if (start !== null) {
      start = Buffer.concat([start, chunk.subarray(0, 64)]);
      if (start.length >= 64) {
        refuseOtherTypes(start);
        start = null;
      }
    }
    yield chunk;
  }
  if (seen !== bytes || hash.digest('hex') !== sha256) {
    throw new UploadRefusal(
      460,
      'the clip is not the one that was told of: its SHA-256 differs. Send it again from its start',
    );
  }
  if (start !== null) refuseOtherTypes(start);
}

function refuseOtherTypes(start: Buffer): void {
  const isOgg = start.subarray(0, capture.length).equals(capture);
  if (isOgg && start.subarray(firstPacketAt, firstPacketAt + opusHead.length).equals(opusHead)) return;
  throw new UploadRefusal(415, 'the clip is not Ogg Opus');
}
