import type { Entry } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { AnnouncementStore, Loss } from './store.ts';

/** What terminals have told of their clips, following the ledger. */
export interface Announced {
  /** Takes in what is new at once, for somebody who asks for a clip that is not known. */
  catchUp(): void;
  close(): void;
}

/** A terminal was enrolled, moved or removed. */
const terminalAssigned = 'manyi.terminal.assigned.v1';
/** How long news wait for more of their kind, in milliseconds: ingest shall not pay for each of them. */
const gatherMs = 200;

export interface AnnouncedParts {
  readonly ledger: Ledger;
  readonly store: AnnouncementStore;
  readonly now: () => number;
  /** Hears of every clip that was told to be lost. */
  readonly lost: (loss: Loss) => void;
  readonly onError: (error: unknown) => void;
}

export function followAnnouncements({ ledger, store, now, lost, onError }: AnnouncedParts): Announced {
  let timer: NodeJS.Timeout | null = null;

  const takeNew = () => {
    timer = null;
    try {
      for (const loss of [...store.takeNew(), ...store.followTerminals(now())]) lost(loss);
    } catch (error) {
      onError(error);
    }
  };
  const stop = ledger.onCommit((entries) => {
    if (timer !== null || !entries.some(isNews)) return;
    timer = setTimeout(takeNew, gatherMs);
  });
  takeNew();
  return {
    catchUp: takeNew,
    close() {
      stop();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function isNews({ type }: Entry): boolean {
  return type.startsWith('manyi.recording.') || type === terminalAssigned;
}
