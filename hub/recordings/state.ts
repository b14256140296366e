import type { RecordingsState } from '@manyi/config/recordings';
import type { WatchedKeep } from './keep/watched.ts';
import { noRoom, type Room } from './upload/room.ts';
import type { Opened } from './works.ts';

/** Where clips lie, and what keeps them from being taken in, played or deleted now. */
export type State = Pick<RecordingsState, 'keptIn' | 'why' | 'trouble' | 'plays'>;

export interface StateParts {
  readonly opened: Opened;
  readonly keep: WatchedKeep;
  readonly room: Room;
  /** How many files lie there that nobody knows anything of. */
  readonly unclaimed: number;
}

/** The worst of what is amiss. Asking makes the hub look again whether the storage is mended. */
export async function stateOf({ opened, keep, room, unclaimed }: StateParts): Promise<State> {
  const keptIn = keep.kind;
  const kept = keep.trouble();
  if (kept !== null) void keep.check();
  if (opened.works === null) return { keptIn, why: opened.why, trouble: opened.trouble, plays: false };
  const plays = kept?.trouble !== 'storage';
  const fault = opened.works.keyFault();
  if (fault !== null) return { keptIn, why: fault.message, trouble: fault.trouble, plays };
  const isFull = await room.isFull();
  if (isFull && plays) return { keptIn, why: noRoom, trouble: 'no-room', plays };
  if (kept !== null) return { keptIn, ...kept, plays };
  if (unclaimed > 0) return { keptIn, why: ofNobody(unclaimed), trouble: 'unclaimed', plays };
  return { keptIn, why: null, trouble: null, plays };
}

function ofNobody(files: number): string {
  const mend = "put the database back that knows it, or move it away; the hub's log names the files";
  return `sound lies in the storage that no entry of the database is about (files: ${files}): ${mend}`;
}
