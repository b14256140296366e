import type { Entry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Which service runs at each terminal, as far as the ledger has told lately. */
export interface RunningServices {
  at(terminal: string): string | null;
  close(): void;
}

export const serviceStarted = 'manyi.service.started.v1';

/** So many entries before a start of the hub are read: what two hundred counters tell in some minutes. */
const lately = 5_000;

export function followServices(ledger: Pick<Ledger, 'onCommit' | 'read' | 'head'>): RunningServices {
  const running = new Map<string, string>();
  const follow = (entries: readonly Entry[]) => {
    for (const { type, terminal, service } of entries) {
      if (terminal === null || service === null) continue;
      if (type === serviceStarted) running.set(terminal, service);
      else if (type === 'manyi.service.ended.v1' && running.get(terminal) === service) running.delete(terminal);
    }
  };
  follow(ledger.read(Math.max(0, ledger.head - lately), lately));
  const close = ledger.onCommit(follow);
  return { at: (terminal) => running.get(terminal) ?? null, close };
}
