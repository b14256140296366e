import type { Ledger } from '../ledger/ledger.ts';

/** Which service runs at each terminal, as far as the ledger has told since the hub's start. */
export interface RunningServices {
  at(terminal: string): string | null;
  close(): void;
}

export function followServices(ledger: Pick<Ledger, 'onCommit'>): RunningServices {
  const running = new Map<string, string>();
  const close = ledger.onCommit((entries) => {
    for (const { type, terminal, service } of entries) {
      if (terminal === null || service === null) continue;
      if (type === 'manyi.service.started.v1') running.set(terminal, service);
      else if (type === 'manyi.service.ended.v1' && running.get(terminal) === service) running.delete(terminal);
    }
  });
  return { at: (terminal) => running.get(terminal) ?? null, close };
}
