import { auditEntry, auditState, hearing } from '@manyi/config/audit';
import { useQuery } from '@tanstack/react-query';
import { type Query, read } from '../http/client.ts';
import { usePages } from '../http/pages.ts';

const pageSize = 100;

/** The audit log, newest first, page by page. */
export function useAudit(filter: Query) {
  return usePages(auditEntry, '/audit', { ...filter, limit: pageSize });
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
  return usePages(hearing, `/audit/clerks/${encodeURIComponent(clerk)}`, { limit: pageSize });
}
