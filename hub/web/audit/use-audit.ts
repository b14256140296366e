import { page } from '@manyi/config/api';
import { auditEntry, auditState, hearing } from '@manyi/config/audit';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type Query, read } from '../http/client.ts';

const pageSize = 100;
const againMs = 15_000;

interface Pages {
  readonly state: { readonly data: { readonly pages: readonly unknown[] } | undefined };
}

/** While only the first page is open, new entries come by themselves. */
function again({ state: { data } }: Pages): number | false {
  return (data?.pages.length ?? 0) > 1 ? false : againMs;
}

/** The audit log, newest first, page by page. */
export function useAudit(filter: Query) {
  return useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) => read(page(auditEntry), '/audit', { ...filter, limit: pageSize, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: again,
  });
}

const stateAgainMs = 60_000;

/** What the hub's last check of the log found. */
export function useAuditState() {
  return useQuery({
    queryKey: ['audit-state'],
    queryFn: () => read(auditState, '/audit/state'),
    refetchInterval: stateAgainMs,
  });
}

/** Who heard a clerk, newest first, page by page. */
export function useHearings(clerk: string) {
  return useInfiniteQuery({
    queryKey: ['audit', 'clerks', clerk],
    queryFn: ({ pageParam }) =>
      read(page(hearing), `/audit/clerks/${encodeURIComponent(clerk)}`, { limit: pageSize, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: again,
  });
}
