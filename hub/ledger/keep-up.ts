import type { Ledger } from './ledger.ts';

export interface KeepUpParts {
  readonly ledger: Pick<Ledger, 'onCommit'>;
  /** The types of entries that are worth waking up for. */
  readonly types: ReadonlySet<string>;
  /** Takes in the next page; true when there may be more. */
  readonly takeSome: () => boolean;
  /** How long news wait for more of their kind, in milliseconds: ingest shall not pay for each of them. */
  readonly gatherMs: number;
  readonly onError: (error: unknown) => void;
}

/** Between two pages, in milliseconds: after a rush it catches up later, and slows nobody down. */
const pauseMs = 200;
/** After a failure, in milliseconds: a full disk shall not be reported five times a second. */
const afterFailureMs = 10_000;

/** Keeps up with what the ledger tells, a page at a time, until the returned function is called. What failed is tried again. */
export function keepUp({ ledger, types, takeSome, gatherMs, onError }: KeepUpParts): () => void {
  let timer: NodeJS.Timeout | null = null;
  const soon = (ms: number) => {
    timer ??= setTimeout(take, ms);
  };
  function take(): void {
    timer = null;
    try {
      if (takeSome()) soon(pauseMs);
    } catch (error) {
      onError(error);
      soon(afterFailureMs);
    }
  }
  const stop = ledger.onCommit((entries) => {
    if (entries.some(({ type }) => types.has(type))) soon(gatherMs);
  });
  soon(0);
  return () => {
    stop();
    if (timer !== null) clearTimeout(timer);
  };
}
