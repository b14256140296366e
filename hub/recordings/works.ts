import type { RecordingsTrouble } from '@manyi/config/recordings';
import type { Server } from '@tus/server';
import type { Logger } from 'pino';
import { Refusal } from '../errors.ts';
import type { Keep } from './keep/keep.ts';
import { KeyError, type KeyMemory, type KeyPlace, readKey } from './keep/key.ts';
import { mostLabelBytes, sealedBytes } from './keep/sealed.ts';
import type { ToldRecord } from './recording.ts';
import type { RecordingStore } from './store.ts';
import { type Arrival, createArrival } from './upload/arrival.ts';
import type { Incoming } from './upload/incoming.ts';
import type { Room } from './upload/room.ts';
import { createTusServer } from './upload/tus.ts';

/** What is there while clips can be taken in and played: nothing of it without the key. */
export interface Works {
  readonly key: Buffer;
  /**
   * What has become of the key's file since the start; null while it is as it was. What is taken in then may never be heard: the key goes
   * with this process.
   */
  readonly keyFault: () => KeyError | null;
  readonly tus: Pick<Server, 'handle'>;
  /** Whether there is room for what a clip still takes when so much of it has come. */
  readonly hasRoomFor: (bytes: number, come: number) => Promise<boolean>;
  readonly arrival: Arrival;
}

/** What a start has come to: all that is needed, or why not. */
export type Opened =
  | { readonly works: Works; readonly why: null }
  | { readonly works: null; readonly why: string; readonly trouble: RecordingsTrouble };

export interface WorksParts {
  readonly place: KeyPlace;
  readonly memory: KeyMemory;
  readonly store: RecordingStore;
  readonly keep: Keep;
  readonly incoming: Incoming;
  readonly room: Room;
  readonly log: Logger;
  /** Is told of every clip that is stored. */
  readonly stored: (record: ToldRecord) => void;
}

/** Never throws: without a usable key everything else of the hub goes on, and one line in the log says why. */
export function openWorks({ place, memory, ...parts }: WorksParts): Opened {
  const { store, keep, incoming, room, log } = parts;
  try {
    const key = readKey(place, memory);
    const arrival = createArrival({ key, ...parts });
    // Where it is kept on the same disk that it comes to, it lies there twice for a moment.
    const hasRoomFor = (bytes: number, come: number) =>
      room.takes(bytes - come + (keep.kind === 'folder' ? sealedBytes(bytes, mostLabelBytes) : 0));
    const tus = createTusServer({ key, store, incoming, arrival, hasRoomFor });
    const keyFault = watchKey(place, memory, (why) => log.error(why));
    return { works: { key, keyFault, tus, hasRoomFor, arrival }, why: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.error(`recordings are off, and everything else goes on: ${why}`);
    return { works: null, why, trouble: error instanceof KeyError ? error.trouble : 'storage' };
  }
}

/** Looks at the key's file whenever it is called; `tell` hears of each fault once. */
function watchKey(place: KeyPlace, memory: KeyMemory, tell: (why: string) => void): () => KeyError | null {
  let told = '';
  return () => {
    try {
      readKey(place, memory);
      told = '';
      return null;
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      if (error.message !== told) tell(`no recordings are taken in, and everything else goes on: ${error.message}`);
      told = error.message;
      return error;
    }
  };
}

/** 503 with the line that says what to do. */
export function off(why: string): Refusal {
  return new Refusal(503, `recordings are off: ${why}`);
}
