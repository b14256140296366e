import type { Part } from '@manyi/config/events';
import type { Troubles } from '../troubles.ts';

/** One of the things that a part of the terminal needs in order to work. */
export interface Need {
  /** It is not there: one line that says what to do. */
  failed(cause: string): void;
  works(): void;
}

/** A part that needs several things, each of which fails and comes back for itself: it has failed as long as any of them has, for that cause. */
export function sharePart(part: Part, troubles: Pick<Troubles, 'partFailed' | 'partRestored'>): () => Need {
  const missing = new Map<Need, string>();
  return () => {
    const need: Need = {
      failed(cause) {
        // Two that fail in turn would else be news each time.
        if (missing.get(need) === cause) return;
        missing.set(need, cause);
        troubles.partFailed(part, cause);
      },
      works() {
        if (!missing.delete(need)) return;
        const cause = [...missing.values()].at(-1);
        if (cause === undefined) troubles.partRestored(part);
        else troubles.partFailed(part, cause);
      },
    };
    return need;
  };
}
