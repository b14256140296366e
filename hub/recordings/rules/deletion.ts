import type { Audit } from '../../audit/audit.ts';
import { conflict, Refusal } from '../../errors.ts';
import { type Keep, keptName } from '../keep/keep.ts';
import { placeOf, type RecordingRecord } from '../recording.ts';
import type { RecordingStore } from '../store.ts';
import type { Incoming } from '../upload/incoming.ts';

/** Takes clips away, for good. No key is needed for that. */
export interface Deletion {
  /**
   * Writes who and why into the audit log, and with it that the clip's end is decided; then takes its sound away. Until that is done it is
   * tried again every minute. Throws 409 for a held clip, and for one that was lost.
   */
  delete(record: RecordingRecord, who: string, why: string): Promise<void>;
  /** Takes away sound that lies there again, though it was deleted: that stands in the audit log too. */
  again(record: RecordingRecord): Promise<void>;
  /** Takes away what an earlier end of the hub, or a storage out of reach, has left, until it `isOver`. */
  finish(isOver: () => boolean): Promise<void>;
}

export interface DeletionParts {
  readonly store: RecordingStore;
  /** Takes away what was made of the clip. */
  readonly forget: (recording: string) => void;
  readonly audit: Audit;
  readonly keep: Keep;
  readonly incoming: Incoming;
  /** Resolves when nothing brings this clip to where it is kept any more. */
  readonly settled: (recording: string) => Promise<void>;
  /** Hears of sound that could not be taken away: that is tried again later. */
  readonly onError: (error: unknown) => void;
}

const atOnce = 200;
/** So many failures in one go are the storage's, not the clips'. */
const mostFailures = 3;

export function createDeletion({ store, forget, audit, keep, incoming, settled, onError }: DeletionParts): Deletion {
  async function takeAway(recording: string): Promise<void> {
    await settled(recording);
    await incoming.discard(recording);
    await keep.remove(keptName(recording));
    store.move(recording, 'deleting', 'deleted');
  }

  function decide({ recording, state, ...record }: RecordingRecord, who: string, why: string): void {
    store.together(() => {
      if (store.find(recording)?.held === 1) throw conflict('recording-held', 'it is held: let it go first');
      if (!store.move(recording, state, 'deleting')) throw new Refusal(409, 'it has changed meanwhile: look again');
      forget(recording);
      audit.record({ who, what: 'recording.delete', ...placeOf({ recording, state, ...record }), why });
    });
  }

  return {
    async delete(record, who, why) {
      const { state, recording } = record;
      if (state === 'deleted') return;
      if (state === 'lost') throw conflict('recording-lost', 'its terminal lost it: there is nothing to delete');
      if (state !== 'deleting') decide(record, who, why);
      await takeAway(recording).catch(onError);
    },
    async again({ recording, ...record }) {
      store.together(() => {
        if (!store.move(recording, 'deleted', 'deleting')) return;
        const why = 'its sound lay where it is kept again, though it was deleted';
        audit.record({ who: 'hub', what: 'recording.delete', ...placeOf({ recording, ...record }), why });
      });
      await takeAway(recording).catch(onError);
    },
    async finish(isOver) {
      const failures: unknown[] = [];
      for (const recording of store.deleting(atOnce)) {
        await takeAway(recording).catch((error: unknown) => failures.push(error));
        if (failures.length === mostFailures || isOver()) break;
      }
      if (failures.length > 0) onError(failures[0]);
    },
  };
}
