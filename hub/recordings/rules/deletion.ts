import type { Audit } from '../../audit/audit.ts';
import { conflict, Refusal } from '../../errors.ts';
import { keptName } from '../keep/keep.ts';
import { placeOf, type RecordingRecord } from '../recording.ts';
import type { RecordingStore } from '../store.ts';
import type { Works } from '../works.ts';

/** Takes clips away, for good. */
export interface Deletion {
  /** Writes who and why into the audit log, and with it that the clip is gone; then takes its file away. Throws 409 for a held one. */
  delete(record: RecordingRecord, who: string, why: string): Promise<void>;
  /** Takes away the files that an earlier end of the hub, or a storage out of reach, has left. */
  finish(): Promise<void>;
}

export interface DeletionParts {
  readonly store: RecordingStore;
  /** Takes the clip's outline away too. */
  readonly forget: (recording: string) => void;
  readonly audit: Audit;
  /** Null while recordings are off. */
  readonly works: () => Works | null;
  /** Hears of files that could not be taken away: that is tried again later. */
  readonly onError: (error: unknown) => void;
}

const atOnce = 200;

export function createDeletion({ store, forget, audit, works, onError }: DeletionParts): Deletion {
  async function takeAway(recording: string): Promise<void> {
    const open = works();
    if (open === null) return;
    await open.keep.remove(keptName(recording));
    await open.incoming.discard(recording);
    store.move(recording, 'deleting', 'deleted');
  }

  return {
    async delete(record, who, why) {
      const { recording, state } = record;
      store.together(() => {
        if (store.find(recording)?.held === 1) throw conflict('recording-held', 'it is held: let it go first');
        if (!store.move(recording, state, 'deleting')) throw new Refusal(409, 'it has changed meanwhile: look again');
        forget(recording);
        audit.record({ who, what: 'recording.delete', ...placeOf(record), why });
      });
      await takeAway(recording).catch(onError);
    },
    async finish() {
      for (const { recording } of store.inState('deleting', atOnce)) await takeAway(recording).catch(onError);
    },
  };
}
