import { badge, clerk, user } from '@manyi/config/api';
import { useQuery } from '@tanstack/react-query';
import { readAll } from '../http/client.ts';
import { useMe } from '../session/session.ts';

/** The clerks of a site; null for all that the user may see. */
export function useClerks(site: string | null) {
  return useQuery({ queryKey: ['clerks', site], queryFn: () => readAll(clerk, '/clerks', { site }) });
}

/** All badges that the user may see. */
export function useBadges() {
  return useQuery({ queryKey: ['badges'], queryFn: () => readAll(badge, '/badges') });
}

/** The users of the hub; only administrators may see them. */
export function useUsers() {
  return useQuery({ queryKey: ['users'], queryFn: () => readAll(user, '/users') });
}

/** Whether the signed-in user may change people and places. */
export function useIsAdministrator(): boolean {
  return useMe().data?.role === 'administrator';
}
