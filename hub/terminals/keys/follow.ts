import type { Ledger } from '../../ledger/ledger.ts';
import { keyFactTypes } from './fact.ts';
import type { KeyStore } from './store.ts';

/** How long news wait for more of their kind, in milliseconds: ingest shall not pay for each of them. */
const gatherMs = 2_000;
/** Between two pages, in milliseconds: after a rush it catches up later, and slows nobody down. */
const pauseMs = 200;

/** Keeps up with what the ledger tells of terminals' keys, a page at a time, until the returned function is called. */
export function followKeys(
  ledger: Pick<Ledger, 'onCommit'>,
  store: Pick<KeyStore, 'takeSome'>,
  onError: (error: unknown) => void,
): () => void {
  let timer: NodeJS.Timeout | null = null;
  const soon = (ms: number) => {
    timer ??= setTimeout(takeSome, ms);
  };
  function takeSome(): void {
    timer = null;
    try {
      if (store.takeSome()) soon(pauseMs);
    } catch (error) {
      onError(error);
    }
  }
  const stop = ledger.onCommit((entries) => {
    if (entries.some(({ type }) => keyFactTypes.has(type))) soon(gatherMs);
  });
  soon(0);
  return () => {
    stop();
    if (timer !== null) clearTimeout(timer);
  };
}
