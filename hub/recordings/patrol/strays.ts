import type { Logger } from 'pino';
import type { Audit } from '../../audit/audit.ts';
import { clipNamed, type Keep, keptName, NotKept, Unreadable } from '../keep/keep.ts';
import { isHere, isTold, placeOf, type RecordingRecord, type ToldRecord } from '../recording.ts';
import type { Deletion } from '../rules/deletion.ts';
import { damageOf, type Sounds } from '../sounds.ts';
import type { RecordingStore } from '../store.ts';
import type { Arrival } from '../upload/arrival.ts';
import { UploadRefusal } from '../upload/refusal.ts';

/**
 * Sound that lies where clips are kept, and of which the database says something else: the hub was killed between the two, or an older
 * database was put back. It is taken in where the hub can tell whose it is, and else left where it lies, and told of.
 */
export interface Strays {
  /** Goes through all that lies there. Throws what the storage says. */
  look(): Promise<void>;
  /** How many files the last look found that no entry of the database, and no label of their own, says anything of. */
  unclaimed(): number;
}

export interface StrayParts {
  readonly keep: Keep;
  readonly store: RecordingStore;
  readonly sounds: Sounds;
  readonly arrival: Pick<Arrival, 'adopt' | 'settled'>;
  readonly deletion: Pick<Deletion, 'again'>;
  readonly audit: Audit;
  /** Is told of every clip that is stored since. */
  readonly stored: (record: ToldRecord) => void;
  readonly log: Logger;
}

/** So many are named in the log. */
const mostNamed = 20;
const heldBecause = 'its sound was found without its entry in the database: held, because nobody knows whether it was';

export function createStrays({ keep, store, sounds, arrival, deletion, audit, stored, log }: StrayParts): Strays {
  let unclaimed: readonly string[] = [];

  /** Whether the hub knows whose it is, or does now. */
  async function claim(recording: string): Promise<boolean> {
    // It may be coming, or be taken away, at this moment.
    await arrival.settled(recording);
    const record = store.find(recording);
    if (record === null) return adoptUnknown(recording);
    if (isHere(record) || record.state === 'deleting') return true;
    if (record.state === 'deleted') return deleteAgain(record);
    return adopt(record);
  }

  async function adoptUnknown(recording: string): Promise<boolean> {
    const label = await sounds.labelOf(recording);
    if (label === null) return false;
    store.together(() => {
      if (!store.found(recording, label)) return;
      const record = store.find(recording);
      if (record !== null) audit.record({ who: 'hub', what: 'recording.hold', ...placeOf(record), why: heldBecause });
    });
    const record = store.find(recording);
    if (record === null || !isTold(record)) return false;
    log.warn({ recording }, 'a recording was found that the database had lost: it is stored again, and held');
    await sounds.check(record);
    stored(record);
    return true;
  }

  /** What its terminal told of, and was thought to be on its way, or lost. */
  async function adopt({ recording }: RecordingRecord): Promise<boolean> {
    const label = await sounds.labelOf(recording);
    if (label !== null) store.tell(recording, label);
    const record = store.find(recording);
    if (record === null || !isTold(record)) return false;
    await arrival.adopt(recording, sounds.of(record)(0, record.bytes));
    log.warn({ recording }, `a recording that was ${record.state} was found where it is kept: it is stored`);
    return true;
  }

  async function deleteAgain(record: RecordingRecord): Promise<boolean> {
    // It may have been taken away just now.
    for await (const _ of await keep.read(keptName(record.recording), 0, 1));
    log.warn({ recording: record.recording }, 'the sound of a deleted recording lay there again: it is taken away');
    await deletion.again(record);
    return true;
  }

  /** One that cannot be opened is no reason to stop. What is on its way comes anew from its terminal. */
  async function isClaimed(recording: string): Promise<boolean> {
    try {
      return await claim(recording);
    } catch (error) {
      if (error instanceof NotKept && !(error instanceof Unreadable)) return true;
      if (damageOf(error) === null && !(error instanceof UploadRefusal)) throw error;
      return store.find(recording)?.state === 'announced';
    }
  }

  function tell(names: readonly string[]): void {
    if (names.length === 0 || names.join() === unclaimed.join()) return;
    const some = names.slice(0, mostNamed).join(', ');
    const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
    log.error(`files of recordings that belong to no entry of the database lie in the storage: ${some}${more}`);
  }

  return {
    unclaimed: () => unclaimed.length,
    async look() {
      const found: string[] = [];
      for await (const name of keep.names()) {
        const recording = clipNamed(name);
        if (recording !== null && !(await isClaimed(recording))) found.push(name);
      }
      tell(found);
      unclaimed = found;
    },
  };
}
