import { completeness, counter, page, quarantined, type Terminal, terminal } from '@manyi/config/api';
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { read, readAll } from '../http/client.ts';

const againMs = 4_000;

/** The terminals of a site, read again every few seconds. */
export function useTerminals(site: string) {
  return useQuery({
    queryKey: ['terminals', site],
    queryFn: () => readAll(terminal, '/terminals', { site }),
    refetchInterval: againMs,
  });
}

/** The counters of a site; null for all that the user may see. */
export function useCounters(site: string | null) {
  return useQuery({ queryKey: ['counters', site], queryFn: () => readAll(counter, '/counters', { site }) });
}

/** The completeness of each terminal on a day of the site, in the order of the terminals; undefined until it is read. */
export function useCompleteness(terminals: readonly Terminal[], day: string) {
  return useQueries({
    queries: terminals.map(({ id }) => ({
      queryKey: ['completeness', id, day],
      queryFn: () => read(completeness, `/terminals/${id}/completeness`, { day }),
      refetchInterval: againMs,
    })),
    combine: (results) => results.map(({ data }) => data),
  });
}

/** What stands in quarantine, newest first, page by page. */
export function useQuarantine() {
  return useInfiniteQuery({
    queryKey: ['quarantine'],
    queryFn: ({ pageParam }) => read(page(quarantined), '/quarantine', { limit: 50, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}

/** People count 2 before 10. */
export function inOrder(one: string, other: string): number {
  return one.localeCompare(other, undefined, { numeric: true });
}
