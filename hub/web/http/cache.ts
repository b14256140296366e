import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './client.ts';

/** The key of the signed-in user; null data means signed out. */
export const meKey = ['me'] as const;

/** What the pages know of the hub. A 401 anywhere signs the dashboard out; only lost connections are tried again. */
export function createCache(): QueryClient {
  const cache: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => signOutOn401(cache, error) }),
    mutationCache: new MutationCache({ onError: (error) => signOutOn401(cache, error) }),
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (failures, error) => failures < 2 && isPassing(error) },
      mutations: { retry: false },
    },
  });
  return cache;
}

function signOutOn401(cache: QueryClient, error: unknown): void {
  if (error instanceof ProblemError && error.status === 401 && cache.getQueryData(meKey) !== undefined) {
    cache.setQueryData(meKey, null);
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 0 || error.status >= 502);
}
