import type { RecordingsState } from '@manyi/config/recordings';
import type { WatchedKeep } from './keep/watched.ts';
import { noRoom, type Room } from './upload/room.ts';
import type { Opened } from './works.ts';

/** Where clips lie, and what keeps them from being taken in, played or deleted now. */
export type State = Pick<RecordingsState, 'keptIn' | 'why' | 'trouble'>;

/** The worst of what is amiss. Asking makes the hub look again whether the storage is mended. */
export async function stateOf(opened: Opened, keep: WatchedKeep, room: Room): Promise<State> {
  const keptIn = keep.kind;
  const kept = keep.trouble();
  if (kept !== null) void keep.check();
  if (opened.works === null) return { keptIn, why: opened.why, trouble: opened.trouble };
  const fault = opened.works.keyFault();
  if (fault !== null) return { keptIn, why: fault.message, trouble: fault.trouble };
  const isFull = await room.isFull();
  if (isFull && kept?.trouble !== 'storage') return { keptIn, why: noRoom, trouble: 'no-room' };
  return { keptIn, ...(kept ?? { why: null, trouble: null }) };
}
