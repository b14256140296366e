import type { RecordingsState, RecordingsTrouble } from '@manyi/config/recordings';
import type { WatchedKeep } from './keep/watched.ts';
import { hasRoom, noRoom } from './upload/room.ts';
import type { Works } from './works.ts';

/** What a start has come to: all that is needed, or why not. */
export type Opened =
  | { readonly works: Works; readonly why: null }
  | { readonly works: null; readonly why: string; readonly trouble: RecordingsTrouble };

/** Where clips lie, and what keeps them from being taken in or played now. */
export type State = Pick<RecordingsState, 'keptIn' | 'why' | 'trouble'>;

export async function stateOf(opened: Opened, keep: WatchedKeep): Promise<State> {
  const keptIn = keep.kind;
  if (opened.works === null) return { keptIn, why: opened.why, trouble: opened.trouble };
  const why = keep.trouble();
  if (why !== null) return { keptIn, why, trouble: 'storage' };
  const isFull = !(await hasRoom(opened.works.incoming, 0));
  return isFull ? { keptIn, why: noRoom, trouble: 'no-room' } : { keptIn, why: null, trouble: null };
}
