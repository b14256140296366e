import { keepUp } from '../../ledger/keep-up.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { AnnouncementStore, Loss, Taken } from './store.ts';

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

const news: ReadonlySet<string> = new Set(['manyi.recording.made.v1', 'manyi.recording.lost.v1', terminalAssigned]);

export function followAnnouncements({ ledger, store, now, lost, onError }: AnnouncedParts): Announced {
  function takePage(): Taken | null {
    const taken = store.takeSome(now());
    taken?.losses.forEach(lost);
    return taken;
  }

  function catchUp(): void {
    try {
      while (takePage()?.isLast === false);
    } catch (error) {
      onError(error);
    }
  }

  catchUp();
  const close = keepUp({ ledger, types: news, takeSome: () => takePage()?.isLast !== true, gatherMs, onError });
  return { catchUp, close };
}
